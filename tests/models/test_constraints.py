"""The database itself refuses rows that break the rules, however they are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from django_report_scheduling.choices import DeliveryStatus, Event, ReportStatus, ScheduleState, Trigger
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile, ReportSchedule
from tests.factories import NOW, AccountFactory, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db


def refused(model: Any, row: Any, constraint: str, **changes: Any) -> None:
    """Assert that the UPDATE is refused, by this constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("rs_schedule_state", {"state": "sleeping"}),
        ("rs_schedule_state", {"state": ""}),
        ("rs_schedule_active_has_next_run", {"next_run_at": None}),
        ("rs_schedule_day_of_week", {"day_of_week": None}),
        ("rs_schedule_day_of_week", {"day_of_week": 7}),
        ("rs_schedule_day_of_week", {"day_of_week": -1}),
        ("rs_schedule_day_of_week", {"frequency": "daily"}),
        ("rs_schedule_day_of_month", {"day_of_month": 1}),
        ("rs_schedule_day_of_month", {"frequency": "monthly", "day_of_week": None}),
        ("rs_schedule_day_of_month", {"frequency": "monthly", "day_of_week": None, "day_of_month": 29}),
        ("rs_schedule_day_of_month", {"frequency": "monthly", "day_of_week": None, "day_of_month": 0}),
        ("rs_schedule_day_of_month", {"frequency": "quarterly", "day_of_week": None, "day_of_month": -2}),
        ("rs_schedule_recurrence", {"recurrence": "FREQ=DAILY"}),
        ("rs_schedule_recurrence", {"frequency": "custom", "day_of_week": None}),
        ("rs_schedule_recurrence", {"frequency": "hourly", "day_of_week": None}),
        ("rs_schedule_ends_later", {"ends_at": NOW - dt.timedelta(days=365)}),
        ("rs_schedule_misfire_policy", {"misfire_policy": "sometimes"}),
        ("rs_schedule_misfire_grace", {"misfire_grace": dt.timedelta(seconds=-1)}),
    ],
)
def test_a_schedule_that_breaks_a_rule_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    refused(ReportSchedule, ReportScheduleFactory(), constraint, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"frequency": "daily", "day_of_week": None},
        {"frequency": "monthly", "day_of_week": None, "day_of_month": -1},
        {"frequency": "quarterly", "day_of_week": None, "day_of_month": 28},
        {"frequency": "custom", "day_of_week": None, "recurrence": "FREQ=DAILY"},
        {"state": "paused", "next_run_at": None},
        {"state": "ended", "next_run_at": None},
        {"ends_at": NOW},
        {"misfire_grace": dt.timedelta(0)},
    ],
)
def test_a_schedule_within_the_rules_is_accepted(changes: dict[str, Any]) -> None:
    row = ReportScheduleFactory()

    assert ReportSchedule.objects.filter(pk=row.pk).update(**changes) == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("rs_report_status", {"status": "sleeping"}),
        ("rs_report_trigger", {"trigger": "moon"}),
        ("rs_report_wakes_while_live", {"wake_at": None}),
        ("rs_report_wakes_while_live", {"status": "succeeded"}),
        ("rs_report_wakes_while_live", {"status": "queued", "wake_at": None}),
        ("rs_report_wakes_while_live", {"status": "running", "wake_at": None}),
        ("rs_report_period_ends_later", {"period_end": NOW - dt.timedelta(days=7, hours=8)}),
    ],
)
def test_a_report_that_breaks_a_rule_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    refused(GeneratedReport, GeneratedReportFactory(), constraint, **changes)


@pytest.mark.parametrize("status", list(ReportStatus))
def test_exactly_the_live_reports_have_a_time_to_wake(status: ReportStatus) -> None:
    live = status in {ReportStatus.PENDING, ReportStatus.QUEUED, ReportStatus.RUNNING}
    row = GeneratedReportFactory()

    assert GeneratedReport.objects.filter(pk=row.pk).update(status=status, wake_at=NOW if live else None)
    refused(GeneratedReport, row, "rs_report_wakes_while_live", wake_at=None if live else NOW)


def test_a_slot_has_one_report_for_each_trigger() -> None:
    row = GeneratedReportFactory()
    GeneratedReportFactory(schedule=row.schedule, trigger=Trigger.MANUAL)
    GeneratedReportFactory(schedule=row.schedule, slot=NOW + dt.timedelta(seconds=1))
    GeneratedReportFactory(slot=row.slot)

    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedReportFactory(schedule=row.schedule)


def test_an_idempotency_key_is_used_once() -> None:
    row = GeneratedReportFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedReportFactory(task_id=row.task_id)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("rs_delivery_status", {"status": "lost"}),
        ("rs_delivery_wakes_while_live", {"wake_at": None}),
        ("rs_delivery_wakes_while_live", {"status": "failed"}),
        ("rs_delivery_sent_has_time", {"status": "sent", "wake_at": None}),
    ],
)
def test_a_delivery_that_breaks_a_rule_is_refused(constraint: str, changes: dict[str, Any]) -> None:
    refused(Delivery, DeliveryFactory(), constraint, **changes)


def test_a_target_gets_each_event_of_a_report_once_over_a_channel() -> None:
    row = DeliveryFactory()
    DeliveryFactory(report=row.report, target="other@customer.example")
    DeliveryFactory(report=row.report, channel="other")
    DeliveryFactory(report=row.report, event=Event.SCHEDULE_ERRORED)

    with pytest.raises(IntegrityError), transaction.atomic():
        DeliveryFactory(report=row.report)


def test_a_report_has_one_file_for_each_format_and_no_two_files_share_a_key() -> None:
    report = GeneratedReportFactory(succeeded=True)
    values = {"report": report, "name": "a", "content_type": "a/b", "size": 1, "sha256": "0"}
    ReportFile.objects.create(format="pdf", key="a", **values)

    for clash in ({"format": "pdf", "key": "b"}, {"format": "csv", "key": "a"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportFile.objects.create(**values, **clash)


def test_the_short_name_of_an_account_is_its_own() -> None:
    AccountFactory(slug="acme")

    with pytest.raises(IntegrityError), transaction.atomic():
        AccountFactory(slug="acme")


def test_an_account_takes_its_schedules_and_reports_along() -> None:
    delivery = DeliveryFactory()

    try:
        delivery.report.account.delete()
    except ProtectedError:  # pragma: no cover  # says more than a bare failure
        pytest.fail("an account must be deletable")

    assert not ReportSchedule.objects.exists()
    assert not GeneratedReport.objects.exists()
    assert not Delivery.objects.exists()


def test_a_deleted_schedule_leaves_its_reports() -> None:
    row = GeneratedReportFactory(succeeded=True)

    row.schedule.delete()

    row.refresh_from_db()
    assert row.schedule is None
    assert row.account is not None


@pytest.mark.parametrize("state", list(ScheduleState))
def test_the_column_active_follows_the_state(state: ScheduleState) -> None:
    row = ReportScheduleFactory(state=state)
    row.refresh_from_db()

    assert row.active is (state == ScheduleState.ACTIVE)
    assert ReportSchedule.objects.filter(active=True).exists() is row.active


def test_the_column_active_cannot_be_set() -> None:
    row = ReportScheduleFactory(state=ScheduleState.PAUSED)
    row.active = True
    row.save()
    row.refresh_from_db()

    assert row.active is False


@pytest.mark.parametrize("status", list(DeliveryStatus))
def test_exactly_the_live_deliveries_have_a_time_to_wake(status: DeliveryStatus) -> None:
    live = status in {DeliveryStatus.PENDING, DeliveryStatus.SENDING}
    row = DeliveryFactory()

    assert Delivery.objects.filter(pk=row.pk).update(status=status, wake_at=NOW if live else None, sent_at=NOW)
    refused(Delivery, row, "rs_delivery_wakes_while_live", wake_at=None if live else NOW)
