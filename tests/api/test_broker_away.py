"""Attack 054: whoever asks for something is answered as usual while the broker is away; a tick sends it later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.api.reports import actions as on_reports
from django_report_scheduling.api.schedules import actions as on_schedules
from django_report_scheduling.api.webhooks import actions as on_webhooks
from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.lost_messages import requeue_lost_reports
from django_report_scheduling.tasks.broker import Patience
from tests.api.callers import calling
from tests.celery_app import app
from tests.extras import needs_webhooks
from tests.factories import (
    NOW,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookEndpointFactory,
)
from tests.tasks.silent_server import SilentServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_report", "broker")]


@pytest.fixture(params=["redis", "amqp"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["silent", "gone"])
def broker(request: pytest.FixtureRequest, scheme: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing takes a message: there is no broker, or one that never answers."""
    with closing(SilentServer()) as server:
        if request.param == "gone":
            server.close()
        app.set_current()
        monkeypatch.setattr(
            app, "connection_for_write", partial(app.connection_for_write, f"{scheme}://127.0.0.1:{server.port}//")
        )
        for module in (on_reports, on_schedules, on_webhooks):
            monkeypatch.setattr(module, "BRIEF", Patience(answer=0.3, retry_within=0.1, over_host=True))
        yield


@pytest.fixture
def api() -> APIClient:
    return calling(UserFactory(is_superuser=True))


@pytest.mark.parametrize("act", ["run", "preview"])
def test_attack_054_a_run_is_accepted_and_sent_later(api: APIClient, act: str) -> None:
    schedule = ReportScheduleFactory()

    answer = api.post(f"/api/v1/report-schedules/{schedule.pk}/{act}/")

    report = GeneratedReport.objects.get()
    assert (answer.status_code, answer.json()["id"], report.status) == (202, str(report.pk), ReportStatus.QUEUED)
    (message,) = requeue_lost_reports(now=report.wake_at, limit=10)
    assert message.id == str(report.pk)


def test_attack_054_a_retry_is_accepted(api: APIClient, report_storage: Any) -> None:
    report = GeneratedReportFactory(status=ReportStatus.FAILED, wake_at=None, finished_at=NOW)

    answer = api.post(f"/api/v1/reports/{report.pk}/retry/")

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")


def test_attack_054_a_redelivery_is_accepted(api: APIClient) -> None:
    delivery = DeliveryFactory(status=DeliveryStatus.FAILED, wake_at=None)

    answer = api.post(f"/api/v1/reports/{delivery.report_id}/redeliver/")

    assert (answer.status_code, answer.json()) == (202, {"deliveries": 1})
    assert Delivery.objects.get().status == DeliveryStatus.PENDING


@needs_webhooks
def test_attack_054_a_ping_is_accepted(api: APIClient) -> None:
    endpoint = WebhookEndpointFactory()

    answer = api.post(f"/api/v1/webhooks/{endpoint.pk}/ping/")

    assert (answer.status_code, answer.json()["event"]) == (202, "webhook.ping")
    assert Delivery.objects.get().status == DeliveryStatus.PENDING
