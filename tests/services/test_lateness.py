"""When workers were away, the misfire policy decides what they still make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.storage import InMemoryStorage

from django_report_scheduling.choices import MisfirePolicy, ReportStatus, Trigger
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.services.report_requests import retry_report
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "report_storage")]

HOUR = dt.timedelta(hours=1)


def hourly(policy: str, *, waiting: int) -> ReportSchedule:
    """A schedule whose last slots became reports that nobody has taken yet; the newest is due now."""
    schedule = ReportScheduleFactory(misfire_policy=policy, misfire_grace=HOUR / 2)
    for number in range(waiting):
        GeneratedReportFactory(schedule=schedule, queued=True, slot=NOW - number * HOUR)
    return schedule


def work(schedule: ReportSchedule, *, now: dt.datetime = NOW) -> list[str]:
    """Let a worker take what waits, oldest first; return what became of each."""
    for report in schedule.reports.filter(status=ReportStatus.QUEUED).order_by("slot"):
        generate_report(report_id=report.pk, attempt=report.attempt, clock=lambda: now)
    return list(schedule.reports.order_by("slot").values_list("status", flat=True))


@pytest.mark.parametrize(
    ("policy", "made"), [(MisfirePolicy.LATEST, 1), (MisfirePolicy.ALL, 10), (MisfirePolicy.SKIP, 1)]
)
def test_what_piled_up_is_made_as_the_policy_says(policy: str, made: int) -> None:
    schedule = hourly(policy, waiting=24)

    assert work(schedule) == ["expired"] * (24 - made) + ["succeeded"] * made


def test_a_late_report_says_why_it_was_not_made() -> None:
    schedule = hourly(MisfirePolicy.LATEST, waiting=2)

    work(schedule)

    expired = schedule.reports.get(status=ReportStatus.EXPIRED)
    assert (expired.status_reason, expired.wake_at, expired.finished_at) == ("latest", None, NOW)
    assert expired.expires_at is not None
    event = AuditEvent.objects.get(verb="report.expired")
    assert event.data == {"policy": "latest", "slot": (NOW - HOUR).isoformat()}


def test_skip_makes_nothing_that_is_late() -> None:
    assert work(hourly(MisfirePolicy.SKIP, waiting=3), now=NOW + HOUR) == ["expired"] * 3


@pytest.mark.parametrize("policy", [MisfirePolicy.LATEST, MisfirePolicy.ALL])
def test_the_newest_is_made_however_late(policy: str) -> None:
    assert work(hourly(policy, waiting=1), now=NOW + 1000 * HOUR) == ["succeeded"]


def test_within_the_grace_everything_is_made() -> None:
    schedule = ReportScheduleFactory(misfire_policy=MisfirePolicy.LATEST, misfire_grace=5 * HOUR)
    for number in range(3):
        GeneratedReportFactory(schedule=schedule, queued=True, slot=NOW - number * HOUR)

    assert work(schedule) == ["succeeded"] * 3


def test_a_newer_slot_that_nothing_ran_for_does_not_count() -> None:
    schedule = hourly(MisfirePolicy.LATEST, waiting=2)
    GeneratedReport.objects.filter(slot=NOW).update(status=ReportStatus.MISSED, wake_at=None)

    assert work(schedule) == ["succeeded", "missed"]


@pytest.mark.parametrize("trigger", [Trigger.MANUAL, Trigger.BACKFILL])
def test_what_somebody_asked_for_is_made(trigger: Trigger) -> None:
    schedule = hourly(MisfirePolicy.SKIP, waiting=1)
    GeneratedReport.objects.update(trigger=trigger)

    assert work(schedule, now=NOW + 100 * HOUR) == ["succeeded"]


def test_a_retry_is_made() -> None:
    schedule = hourly(MisfirePolicy.SKIP, waiting=1)
    GeneratedReport.objects.update(attempt=1)

    assert work(schedule, now=NOW + 100 * HOUR) == ["succeeded"]


def test_an_expired_report_that_is_retried_by_hand_is_made() -> None:
    schedule = hourly(MisfirePolicy.LATEST, waiting=2)
    GeneratedReport.objects.filter(slot=NOW - HOUR).update(status=ReportStatus.MISSED, wake_at=None)
    retry_report(report_id=schedule.reports.get(slot=NOW - HOUR).pk, actor=None, now=NOW)
    GeneratedReport.objects.filter(slot=NOW - HOUR).update(status=ReportStatus.QUEUED)

    assert work(schedule) == ["succeeded", "succeeded"]


def test_nothing_is_stored_for_it(report_storage: InMemoryStorage, clock: Callable[[], dt.datetime]) -> None:
    schedule = hourly(MisfirePolicy.LATEST, waiting=2)
    work(schedule)

    expired = schedule.reports.get(status=ReportStatus.EXPIRED)
    assert not report_storage.exists(f"reports/{expired.account_id}/{expired.pk}")
