"""After an outage each schedule catches up as its policy says, and nobody gets a storm."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus, MisfirePolicy, ReportStatus
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.testing import RecordingChannel
from tests.factories import ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

START = dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC)
"""A Monday and first of a month, when every one of the rules below is due: the first slot that nothing ran for."""
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

OUTAGES = {"minute": MINUTE, "day": DAY - 10 * MINUTE, "quarter": 90 * DAY - 10 * MINUTE}
RULES: dict[str, dict[str, Any]] = {
    "hourly": {"frequency": "custom", "recurrence": "FREQ=HOURLY", "day_of_week": None},
    "daily": {"frequency": "daily", "day_of_week": None},
    "weekly": {"frequency": "weekly", "day_of_week": 0},
    "monthly": {"frequency": "monthly", "day_of_week": None, "day_of_month": 1},
}
SLOTS = [  # how many slots came, and how many of them within the hour of grace
    ("minute", "hourly", 1, 1),
    ("minute", "daily", 1, 1),
    ("minute", "weekly", 1, 1),
    ("minute", "monthly", 1, 1),
    ("day", "hourly", 24, 1),
    ("day", "daily", 1, 0),
    ("day", "weekly", 1, 0),
    ("day", "monthly", 1, 0),
    ("quarter", "hourly", 2160, 1),
    ("quarter", "daily", 90, 0),
    ("quarter", "weekly", 13, 0),
    ("quarter", "monthly", 3, 0),
]


def schedule_by(rule: str, policy: str) -> ReportSchedule:
    return ReportScheduleFactory(
        **RULES[rule],
        misfire_policy=policy,
        timezone="UTC",
        time_of_day=dt.time(8),
        starts_at=START - 365 * DAY,
        next_run_at=START,
    )


def tick(now: dt.datetime) -> None:
    while expand_due_schedules(now=now, limit=1000):
        pass


def slots_of(schedule: ReportSchedule, status: ReportStatus) -> list[dt.datetime]:
    return list(schedule.reports.filter(status=status).order_by("slot").values_list("slot", flat=True))


def unlisted(schedule: ReportSchedule) -> int:
    events = AuditEvent.objects.filter(verb="schedule.slots_missed", schedule_id=schedule.pk)
    return sum(event.data["unlisted"] for event in events)


@pytest.mark.parametrize("policy", MisfirePolicy.values)
@pytest.mark.parametrize(("outage", "rule", "came", "on_time"), SLOTS)
def test_every_slot_has_a_report_a_missed_row_or_is_counted(
    outage: str, rule: str, came: int, on_time: int, policy: str
) -> None:
    schedule, now = schedule_by(rule, policy), START + OUTAGES[outage]
    made = {"latest": 1, "all": min(came, 10), "skip": on_time}[policy]

    tick(now)

    schedule.refresh_from_db()
    run, missed = slots_of(schedule, ReportStatus.PENDING), slots_of(schedule, ReportStatus.MISSED)
    assert (len(run), len(missed)) == (made, min(came - made, 100))
    assert unlisted(schedule) == max(0, came - made - 100)
    assert sorted(run + missed) == missed + run, "the newest slots are the ones that get a report"
    assert schedule.next_run_at is not None
    assert now < schedule.next_run_at <= now + 31 * DAY
    assert set(schedule.reports.filter(status="missed").values_list("status_reason", flat=True)) <= {policy}


@pytest.mark.parametrize("policy", MisfirePolicy.values)
def test_another_tick_adds_nothing(policy: str) -> None:
    schedule, now = schedule_by("hourly", policy), START + OUTAGES["quarter"]
    tick(now)
    before = set(schedule.reports.values_list("pk", flat=True))

    tick(now)
    tick(now + MINUTE)

    assert set(schedule.reports.values_list("pk", flat=True)) == before


def test_what_is_made_up_for_starts_oldest_first_and_a_minute_apart() -> None:
    schedule, now = schedule_by("daily", MisfirePolicy.ALL), START + OUTAGES["quarter"]

    tick(now)

    handed_out = list(schedule.reports.filter(status="pending").order_by("wake_at", "pk"))
    assert [report.wake_at for report in handed_out] == [now + number * MINUTE for number in range(10)]
    assert all(earlier.slot < later.slot for earlier, later in pairwise(handed_out))
    assert GeneratedReport.objects.waking(ReportStatus.PENDING, now=now).count() == 1


def test_of_many_schedules_the_oldest_reports_of_all_come_before_the_newer_ones_of_any() -> None:
    now = START + 3 * DAY - MINUTE
    for _ in range(5):
        schedule_by("daily", MisfirePolicy.ALL)

    tick(now)

    handed_out = GeneratedReport.objects.filter(status="pending").order_by("wake_at", "pk")
    slots = list(handed_out.values_list("slot", flat=True))
    assert slots == sorted(slots)
    assert len(slots) == 15


@pytest.mark.parametrize(("policy", "mails"), [("latest", 1), ("all", 10), ("skip", 0)])
def test_a_recipient_gets_at_most_one_mail_a_minute_and_ten_in_all(
    policy: str, mails: int, settings: Settings, report_storage: InMemoryStorage
) -> None:
    settings.REPORT_SCHEDULING = {
        "CHANNELS": {"email": {"BACKEND": "django_report_scheduling.testing.RecordingChannel"}}
    }
    RecordingChannel.requests.clear()
    schedule_by("daily", policy)
    back = START + OUTAGES["quarter"]
    tick(back)

    received = []
    for minute in range(15):
        before = len(RecordingChannel.requests)
        work_off(back + minute * MINUTE)
        received.append(len(RecordingChannel.requests) - before)

    assert received == [1] * mails + [0] * (15 - mails)
    periods = [request.period.first_day for request in RecordingChannel.requests if request.period]
    assert periods == sorted(periods)


def work_off(now: dt.datetime) -> None:
    """Do what workers do with everything whose time has come."""
    for report in GeneratedReport.objects.waking(ReportStatus.PENDING, now=now):
        GeneratedReport.objects.filter(pk=report.pk).update(status=ReportStatus.QUEUED)
        generate_report(report_id=report.pk, attempt=report.attempt, clock=lambda: now)
    for delivery in Delivery.objects.waking(DeliveryStatus.PENDING, now=now):
        deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=lambda: now)


@pytest.mark.parametrize(("policy", "most"), [("latest", 101), ("all", 110), ("skip", 101)])
def test_the_rows_of_a_long_outage_are_bounded(policy: str, most: int) -> None:
    for _ in range(10):
        schedule_by("hourly", policy)

    tick(START + OUTAGES["quarter"])

    assert GeneratedReport.objects.count() == 10 * most


def test_a_period_is_that_of_its_slot_however_late_the_report_is() -> None:
    schedule = schedule_by("weekly", MisfirePolicy.ALL)

    tick(START + OUTAGES["quarter"])

    for report in schedule.reports.filter(status="pending"):
        assert report.period.last_day == report.slot.date() - DAY
        assert (report.period.last_day - report.period.first_day).days == 6


def test_a_clock_that_goes_back_makes_nothing_twice_and_one_that_jumps_forward_skips_nothing() -> None:
    schedule = schedule_by("hourly", MisfirePolicy.ALL)
    for now in (START, START - 3 * HOUR, START + MINUTE, START + 5 * HOUR, START + 2 * HOUR, START + 6 * HOUR):
        tick(now)

    assert slots_of(schedule, ReportStatus.PENDING) == [START + number * HOUR for number in range(7)]
