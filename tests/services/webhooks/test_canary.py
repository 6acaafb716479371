"""A secret that is known to the test is looked for in everything that leaves the process or stays in the database."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.views.debug import SafeExceptionReporterFilter

from django_report_scheduling.delivery.webhook.secret import Secret
from django_report_scheduling.models import AuditEvent, Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.webhooks import messages
from django_report_scheduling.services.webhooks.endpoints import create_webhook
from django_report_scheduling.services.webhooks.secrets import rotate_secret
from tests.factories import NOW, AccountFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = pytest.mark.django_db

CANARY = Secret(b"canary-canary-canary-canary-0042")
FORMS = (CANARY.reveal(), CANARY.reveal().removeprefix("whsec_"), "canary-canary", "63616e6172792d63616e617279")


@pytest.fixture(autouse=True)
def canary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Secret, "generate", classmethod(lambda cls: Secret(b"canary-canary-canary-canary-0042")))


def endpoint() -> WebhookEndpoint:
    fields: Any = {"url": "https://hooks.customer.example/in", "events": ["report.failed"]}
    return create_webhook(account_id=AccountFactory().pk, actor=None, now=NOW, **fields).endpoint


def shows_canary(text: object) -> bool:
    return any(form in str(text) for form in FORMS)


def test_attack_037_neither_rows_nor_statements_nor_logs_hold_it(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    ScriptedChannel.answers.append(answer(500))
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as captured:
        made = endpoint()
        rotate_secret(webhook_id=made.pk, actor=None, now=NOW)
        ping = Delivery.objects.get()
        send(ping)
        send(ping)

    for model in (WebhookEndpoint, Delivery, DeliveryAttempt, AuditEvent):
        assert not shows_canary(list(model._default_manager.values()))
    assert not shows_canary([query["sql"] for query in captured.captured_queries])
    assert not shows_canary(caplog.text)
    assert not shows_canary([record.__dict__ for record in caplog.records])


def test_attack_118_an_error_report_out_of_signing_does_not_show_it(
    send: Send, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reports: list[str] = []

    def break_down(**arguments: Any) -> None:
        raise RuntimeError(repr(arguments))

    def report(error: Exception) -> str:
        shown = SafeExceptionReporterFilter()
        for frame, _line in traceback.walk_tb(error.__traceback__):
            reports.append(str(shown.get_traceback_frame_variables(None, frame)))
        reports.append("".join(traceback.format_exception(error)))
        return reports[-1]

    monkeypatch.setattr(messages, "signed_headers", break_down)
    monkeypatch.setattr("django_report_scheduling.services.delivering.trace", report)
    endpoint()

    send(Delivery.objects.get())

    assert "********" in str(reports)
    assert not shows_canary(reports)
    assert not shows_canary(caplog.text)
    assert not shows_canary(list(Delivery.objects.values()))
