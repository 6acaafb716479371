"""The secret URL of the channel that the documentation shows is told to nobody but its receiver."""

from __future__ import annotations

import logging
import types
from collections.abc import Callable

import pytest
from django.core.checks import run_checks
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.models import AuditEvent, Delivery
from django_report_scheduling.services.report_requests import redeliver
from tests.delivery.webhook.receiver import HOST, Receiver, answering
from tests.docs.slack_page import SECRET, URL
from tests.extras import needs_webhooks
from tests.factories import NOW, UserFactory

pytestmark = [
    needs_webhooks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sample_report", "shown"),
]

Post = Callable[..., tuple[Delivery, Receiver]]


def test_the_secret_is_nowhere_but_in_the_request(
    made: Delivery,
    post: Post,
    shown: types.ModuleType,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
) -> None:
    caplog.set_level(logging.DEBUG)
    post(lambda connection: connection.read() and None)
    redeliver(report_id=made.report_id, actor=None, now=NOW)
    post(answering("500 No"))
    post(answering("404 No", body=SECRET.encode()))

    admin = APIClient()
    admin.force_authenticate(UserFactory(is_superuser=True))
    seen = [
        admin.get(f"/api/v1/reports/{made.report_id}/deliveries/").content.decode(),
        caplog.text,
        repr(list(Delivery.objects.values())),
        repr(list(AuditEvent.objects.values())),
        repr(shown.SlackChannel(secret_urls={"acme": URL})),
        repr(SafeExceptionReporterFilter().get_safe_settings()["REPORT_SCHEDULING"]),
    ]
    assert "acme" in seen[0]
    assert not [text for text in seen if SECRET in text]


def test_a_url_that_cannot_be_used_is_named_at_start_up_and_not_shown(settings: Settings) -> None:
    assert not [message for message in run_checks(tags=["report_scheduling"]) if message.id == "slack.E001"]

    for url in (f"http://{HOST}/{SECRET}", f"https://{HOST}:8443/{SECRET}", f"https://127.0.0.1/{SECRET}"):
        settings.REPORT_SCHEDULING["CHANNELS"]["slack"]["OPTIONS"]["secret_urls"] = {"acme": url}
        settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING}
        (found,) = [message for message in run_checks(tags=["report_scheduling"]) if message.id == "slack.E001"]
        assert "'acme'" in found.msg
        assert SECRET not in str(found)
