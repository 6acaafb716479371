"""The tasks themselves: ids in, a service called, what follows handed on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.arrivals import DELIVERIES, REPORTS, newest_arrival
from django_report_scheduling.tasks import deliver, generate, purge, tick
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "report_storage")]


@pytest.fixture(autouse=True)
def database_clock(monkeypatch: pytest.MonkeyPatch, clock: Callable[[], dt.datetime]) -> None:
    for module in ("generate", "deliver", "purge", "tick"):
        monkeypatch.setattr(f"django_report_scheduling.tasks.{module}.database_now", clock)


@pytest.fixture
def dispatched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reports whose deliveries were handed out."""
    reports: list[str] = []
    monkeypatch.setattr("django_report_scheduling.tasks.generate.dispatch_deliveries", reports.append)
    return reports


def test_a_report_that_was_made_is_handed_to_delivery_at_once(dispatched: list[str]) -> None:
    report = GeneratedReportFactory(queued=True)

    generate.generate_report(str(report.pk), 0)

    report.refresh_from_db()
    assert report.status == ReportStatus.SUCCEEDED
    assert dispatched == [str(report.pk)]


def test_a_stale_message_hands_nothing_on(dispatched: list[str]) -> None:
    report = GeneratedReportFactory(queued=True, attempt=1)

    generate.generate_report(str(report.pk), 0)

    assert dispatched == []


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The accounts whose room was passed on."""
    passed_on: list[object] = []
    monkeypatch.setattr("django_report_scheduling.tasks.generate.dispatch_reports_of", passed_on.append)
    return passed_on


@pytest.mark.parametrize("report_type", ["sample", "unregistered"])
def test_the_room_that_a_report_leaves_is_passed_on_whatever_became_of_it(
    accounts: list[object], dispatched: list[str], report_type: str
) -> None:
    report = GeneratedReportFactory(queued=True, report_type=report_type)

    generate.generate_report(str(report.pk), 0)

    assert accounts == [report.account_id]


def test_a_stale_message_leaves_no_room(accounts: list[object]) -> None:
    report = GeneratedReportFactory(queued=True, attempt=1)

    generate.generate_report(str(report.pk), 0)

    assert accounts == []


def test_a_message_that_arrives_tells_how_far_the_workers_have_come(dispatched: list[str]) -> None:
    for kind, task in ((REPORTS, generate.generate_report), (DELIVERIES, deliver.deliver)):
        newest_arrival(kind)
        task(str(uuid.uuid4()), 0, NOW.timestamp())

        assert newest_arrival(kind) == NOW


def test_a_delivery_is_sent() -> None:
    delivery = DeliveryFactory()

    deliver.deliver(str(delivery.pk), 0)

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENT


def test_the_purge_deletes_what_has_expired() -> None:
    GeneratedReportFactory(succeeded=True, expires_at=NOW)

    purge.purge()

    assert not GeneratedReport.objects.exists()


def test_the_tick_runs_by_the_database_s_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_reports", len)
    ReportScheduleFactory()

    tick.tick()

    assert GeneratedReport.objects.get().status == ReportStatus.QUEUED
