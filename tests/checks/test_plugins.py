"""Renderers, channels, policy and report types are loaded and asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django's name for it

from django_report_scheduling.rendering import Document, Renderer
from django_report_scheduling.reports import registry
from tests.recording_channel import RecordingChannel
from tests.sample_report import SampleReport

JSON = {"json": {"BACKEND": "django_report_scheduling.rendering.json.JsonRenderer"}}


class WorriedRenderer(Renderer):
    extension = "txt"
    content_type = "text/plain"

    def render(self, document: Document, output: Any) -> None:
        output.write(b"")

    def check(self) -> list[CheckMessage]:
        return [Warning("The renderer is worried.", id="host.W001")]


class WorriedChannel(RecordingChannel):
    def check(self) -> list[CheckMessage]:
        return [Warning("The channel is worried.", id="host.W002")]


class WorriedReport(SampleReport):
    key = "worried"

    def check(self) -> list[CheckMessage]:
        return [Warning("The report is worried.", id="host.W003")]


@pytest.mark.parametrize("setting", ["RENDERERS", "CHANNELS"])
def test_a_backend_that_cannot_be_imported_is_named(only, setting: str):
    message = only({setting: {"mine": {"BACKEND": "host.missing.Backend"}}})
    assert message.id == "report_scheduling.E006"
    assert "host.missing.Backend" in message.msg
    assert f'REPORT_SCHEDULING["{setting}"]["mine"]' in message.hint


def test_a_backend_of_the_wrong_family_is_named(only):
    message = only({"RENDERERS": {"mine": {"BACKEND": "tests.recording_channel.RecordingChannel"}}})
    assert message.id == "report_scheduling.E006"
    assert "is not a Renderer" in message.msg


def test_a_channel_whose_name_does_not_fit_into_its_rows_is_named(only):
    channel = {"BACKEND": "tests.recording_channel.RepeatableChannel"}
    message = only({"CHANNELS": {"x" * 33: channel, "y" * 32: channel}})
    assert message.id == "report_scheduling.E006"
    assert "33 characters; at most 32 fit" in message.msg


def test_options_that_a_backend_does_not_take_are_named(only):
    message = only({"RENDERERS": {"json": {**JSON["json"], "OPTIONS": {"colour": "red"}}}})
    assert message.id == "report_scheduling.E006"
    assert "does not fit" in message.msg


def test_networks_that_webhooks_are_kept_from_must_be_networks(checked):
    def webhook(also_refused: Any) -> dict[str, Any]:
        backend = "django_report_scheduling.delivery.webhook.channel.WebhookChannel"
        return {"CHANNELS": {"webhook": {"BACKEND": backend, "OPTIONS": {"also_refused": also_refused}}}}

    assert checked(webhook(["203.0.113.0/24", "2001:db8::/32"])) == []
    (message,) = checked(webhook(["203.0.113.7/24"]))
    assert message.id == "report_scheduling.E006"
    assert "has host bits set" in message.msg
    assert 'Write it as in ["203.0.113.0/24", "2001:db8::/32"].' in message.msg
    assert message.hint.startswith('Correct REPORT_SCHEDULING["CHANNELS"]["webhook"]')


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("host.missing.policy", "which cannot be imported"),
        ("nodots", "which cannot be imported"),
        ("tests.factories.NOW", "which is not a function"),
    ],
)
def test_a_recipient_policy_that_is_none_is_named(only, path: str, problem: str):
    message = only({"RECIPIENT_POLICY": path})
    assert message.id == "report_scheduling.E007"
    assert path in message.msg
    assert problem in message.msg


def test_each_plugin_checks_itself(checked):
    ours = {
        "RENDERERS": {"mine": {"BACKEND": f"{__name__}.WorriedRenderer"}},
        "CHANNELS": {"mine": {"BACKEND": f"{__name__}.WorriedChannel"}},
    }
    assert [message.id for message in checked(ours)] == ["host.W001", "host.W002"]


def test_each_report_type_checks_itself(only):
    with registry.temporarily(WorriedReport):
        assert only({"RENDERERS": JSON}).id == "host.W003"
