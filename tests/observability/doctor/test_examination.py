"""Probes are run one after the other, whatever they do."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest

from django_report_scheduling.observability.doctor import Finding, Probe, Status, examine
from django_report_scheduling.observability.doctor.probes import PROBES
from django_report_scheduling.observability.doctor.redaction import redacted, without_user
from django_report_scheduling.observability.doctor.time_limit import within
from tests.mail_settings import send_through


class Good(Probe):
    part = "good"

    def run(self) -> Iterable[Finding]:
        yield self.ok("Fine.")


class Raising(Probe):
    part = "raising"
    fix = "Mend it."

    def run(self) -> Iterable[Finding]:
        yield self.warn("First.", fix="Look.")
        raise LookupError("nothing\n  there")


class Mute(Probe):
    part = "mute"

    def run(self) -> Iterable[Finding]:
        raise RuntimeError
        yield


class Dependent(Good):
    part = "dependent"
    requires = ("raising",)


class DependentOnThat(Good):
    part = "further"
    requires = ("dependent",)


def seen(*probes: Probe) -> list[tuple[str, Status, str, str]]:
    return [(finding.part, finding.status, finding.message, finding.fix) for finding in examine(probes)]


def test_a_probe_that_raises_has_failed_and_the_next_one_runs():
    assert seen(Raising(), Good()) == [
        ("raising", Status.WARN, "First.", "Look."),
        ("raising", Status.FAIL, "LookupError: nothing there", "Mend it."),
        ("good", Status.OK, "Fine.", ""),
    ]


def test_an_error_without_text_is_named_by_its_kind():
    assert seen(Mute())[0][2] == "RuntimeError"


def test_what_needs_a_part_that_failed_is_not_tried_nor_what_needs_that():
    assert seen(Raising(), Dependent(), DependentOnThat())[2:] == [
        ("dependent", Status.SKIP, "Not tried, because of: raising.", ""),
        ("further", Status.SKIP, "Not tried, because of: dependent.", ""),
    ]


def test_findings_come_as_soon_as_they_are_there():
    assert next(iter(examine([Good(), Raising()]))).message == "Fine."


def test_every_probe_has_a_part_of_its_own_and_comes_after_what_it_requires():
    parts: list[str] = []
    for probe in PROBES:
        assert probe.part not in parts
        assert set(probe.requires) <= set(parts)
        parts.append(probe.part)


def test_what_hangs_is_left_behind():
    with pytest.raises(TimeoutError, match="did not answer within"):
        within(0.05, lambda: time.sleep(5))


def test_what_raises_within_its_time_raises():
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 / 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("redis://user:pw@host:1/0 refused", "redis://***@host:1/0 refused"),
        ("password canary-password wrong", "password *** wrong"),
        ("token canary-token, list canary-first", "token ***, list ***"),
        ("the password p@ss of the broker", "the password *** of the broker"),
        ("nothing secret", "nothing secret"),
    ],
)
def test_secrets_are_taken_out(settings, text: str, expected: str):
    send_through(settings, "smtp", password="canary-password")
    settings.SERVICES = {"crm": {"token": "canary-token", "hosts": ["crm.example"]}}
    settings.OLD_SECRET_KEYS = ["canary-first"]
    settings.HOST_BROKER_URL = "amqp://user:p%40ss@broker//"
    settings.API_KEY = "abc"
    assert redacted(text) == expected


def test_an_address_is_shown_without_its_user():
    assert without_user("redis://:**@host:1/0") == "redis://host:1/0"
