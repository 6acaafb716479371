"""A schedule moves to another zone: each calendar day is reported once, by the old zone or by the new."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.schedules import update_schedule
from tests.factories import GeneratedReportFactory, ReportScheduleFactory
from tests.recurrence.builders import local, utc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"
DAY = dt.timedelta(days=1)


def daily(zone: str, next_day: str) -> ReportSchedule:
    """Every day at 08:00; the next on this day."""
    return ReportScheduleFactory(
        frequency="daily", day_of_week=None, timezone=zone, next_run_at=local(f"{next_day} 08:00", zone)
    )


def move(schedule: ReportSchedule, zone: str, now: str) -> ReportSchedule:
    return update_schedule(schedule_id=schedule.pk, actor=None, now=utc(now), timezone=zone)


def tick(now: str) -> None:
    expand_due_schedules(now=utc(now), limit=10)


def days_reported() -> list[str]:
    reports = GeneratedReport.objects.exclude(status=ReportStatus.MISSED).order_by("slot")
    return [report.period.first_day.isoformat() for report in reports]


def test_a_slot_that_the_new_zone_would_bring_again_today_is_not_doubled() -> None:
    schedule = daily(BERLIN, "2026-03-02")
    tick("2026-03-02 07:00")  # 08:00 in Berlin

    moved = move(schedule, NEW_YORK, "2026-03-02 08:00")  # before 08:00 in New York
    tick("2026-03-02 13:00")
    tick("2026-03-03 13:00")

    assert moved.next_run_at == local("2026-03-03 08:00", NEW_YORK)
    assert days_reported() == ["2026-03-01", "2026-03-02"]


def test_a_slot_that_has_passed_in_the_new_zone_is_due_at_once_and_not_lost() -> None:
    schedule = daily(NEW_YORK, "2026-03-02")

    moved = move(schedule, TOKYO, "2026-03-02 10:00")  # 05:00 in New York, 19:00 in Tokyo
    tick("2026-03-02 10:01")
    tick("2026-03-02 23:00")

    assert moved.next_run_at == local("2026-03-02 08:00", TOKYO)
    assert days_reported() == ["2026-03-01", "2026-03-02"]


def test_a_slot_that_is_due_but_has_no_report_yet_is_the_old_zones() -> None:
    schedule = daily(BERLIN, "2026-03-02")

    move(schedule, NEW_YORK, "2026-03-02 08:00")

    report = GeneratedReport.objects.get()
    assert (report.slot, report.timezone) == (local("2026-03-02 08:00", BERLIN), BERLIN)
    tick("2026-03-03 13:00")
    assert days_reported() == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize("trait", ["pending", "queued", "running"])
def test_a_report_under_way_keeps_its_slot_and_its_period(trait: str) -> None:
    schedule = daily(BERLIN, "2026-03-03")
    fields = {"slot": local("2026-03-02 08:00", BERLIN), **({trait: True} if trait != "pending" else {})}
    report = GeneratedReportFactory(schedule=schedule, **fields)

    move(schedule, NEW_YORK, "2026-03-02 08:00")

    before = (report.slot, report.period, report.timezone, report.status, report.wake_at)
    report.refresh_from_db()
    assert (report.slot, report.period, report.timezone, report.status, report.wake_at) == before


@pytest.mark.parametrize("old", [BERLIN, NEW_YORK, TOKYO, "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("new", [BERLIN, NEW_YORK, TOKYO, "Asia/Kathmandu"])
@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_between_any_zones_at_any_hour_each_day_is_reported_once(old: str, new: str, hour: int) -> None:
    now = f"2026-03-05 {hour:02}:30"
    schedule = daily(old, "2026-03-02")
    ReportSchedule.objects.update(misfire_policy="all")
    tick(now)

    move(schedule, new, now)
    tick(now)
    tick("2026-03-09 23:59")

    days = days_reported()
    first = dt.date(2026, 3, 1)
    assert days == [(first + number * DAY).isoformat() for number in range(len(days))]
    assert len(days) >= 7


def test_a_zone_a_whole_day_ahead_has_its_slot_at_the_very_instant_and_goes_on_after_it() -> None:
    schedule = daily("Pacific/Pago_Pago", "2026-03-02")
    tick("2026-03-02 19:00")

    moved = move(schedule, "Pacific/Tongatapu", "2026-03-02 19:30")

    assert moved.next_run_at == local("2026-03-04 08:00", "Pacific/Tongatapu")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"frequency": "weekly", "day_of_week": 0}, "2026-03-09 08:00"),
        ({"frequency": "monthly", "day_of_week": None, "day_of_month": 2}, "2026-04-02 08:00"),
        ({"frequency": "quarterly", "day_of_week": None, "day_of_month": 2}, "2026-04-02 08:00"),
    ],
)
def test_longer_periods_are_not_reported_again_either(fields: dict[str, object], expected: str) -> None:
    schedule = ReportScheduleFactory(**fields)
    tick("2026-03-02 07:00")
    ReportSchedule.objects.update(next_run_at=local(expected, BERLIN))

    moved = move(schedule, NEW_YORK, "2026-03-02 08:00")

    assert moved.next_run_at == local(expected, NEW_YORK)


def test_a_custom_rule_goes_on_with_its_first_slot_after_now() -> None:
    schedule = ReportScheduleFactory(frequency="custom", recurrence="FREQ=HOURLY", day_of_week=None)
    ReportSchedule.objects.update(next_run_at=utc("2026-03-02 09:00"))

    moved = move(schedule, "Asia/Kathmandu", "2026-03-02 08:20")

    assert moved.next_run_at == utc("2026-03-02 09:15")


def test_a_slot_that_is_owed_is_made_although_the_schedule_ends_before_the_one_after_it() -> None:
    schedule = daily(NEW_YORK, "2026-03-02")
    ReportSchedule.objects.update(ends_at=utc("2026-03-02 13:00"))

    assert move(schedule, TOKYO, "2026-03-02 10:00").next_run_at == local("2026-03-02 08:00", TOKYO)
