"""A schedule stops after failures in a row: once, with one notice for each stop."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from django_report_scheduling.choices import ErrorCode, Event, ReportStatus, ScheduleState
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services.report_claims import claim_report, fail_attempt, finish_report
from django_report_scheduling.services.report_requests import retry_report
from django_report_scheduling.services.schedule_states import reactivate_schedule
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def schedule() -> ReportSchedule:
    UserFactory(is_superuser=True)
    return ReportScheduleFactory()


def running(schedule: ReportSchedule, day: int, **fields: Any) -> GeneratedReport:
    return GeneratedReportFactory(schedule=schedule, running=True, slot=NOW.replace(day=day), **fields)


def fail(report: GeneratedReport, *, now: dt.datetime = NOW, code: ErrorCode = ErrorCode.QUERY_FAILED) -> None:
    assert fail_attempt(report, code=code, message="It broke", permanent=True, now=now) == ReportStatus.FAILED


def notices() -> int:
    return Delivery.objects.filter(event=Event.SCHEDULE_ERRORED).count()


def test_a_success_in_between_starts_the_count_anew(schedule: ReportSchedule) -> None:
    for day in (1, 2):
        fail(running(schedule, day))
    assert finish_report(running(schedule, 3), files=[], targets=[], now=NOW)
    for day in (4, 5):
        fail(running(schedule, day))

    schedule.refresh_from_db()
    assert (schedule.state, schedule.consecutive_failures, notices()) == (ScheduleState.ACTIVE, 2, 0)


def test_ten_reports_that_are_made_up_for_and_fail_at_once_stop_it_once(schedule: ReportSchedule) -> None:
    for report in [running(schedule, day) for day in range(1, 11)]:
        fail(report)

    schedule.refresh_from_db()
    assert (schedule.state, notices()) == (ScheduleState.ERRORED, 1)
    assert "3 reports failed in a row, the last one with query_failed" in schedule.state_reason
    assert AuditEvent.objects.filter(verb="schedule.errored").count() == 1


def test_failures_of_before_the_cure_do_not_count_after_it(schedule: ReportSchedule) -> None:
    reports = [running(schedule, day) for day in range(1, 8)]
    for report in reports[:3]:
        fail(report)

    reactivate_schedule(schedule_id=schedule.pk, actor=None, now=NOW + MINUTE)
    for report in reports[3:]:
        fail(report, now=NOW + 2 * MINUTE)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.consecutive_failures, notices()) == (ScheduleState.ACTIVE, 0, 1)


def test_when_the_cure_does_not_help_it_stops_again_with_another_notice(schedule: ReportSchedule) -> None:
    for day in (1, 2, 3):
        fail(running(schedule, day))
    reactivate_schedule(schedule_id=schedule.pk, actor=None, now=NOW + MINUTE)
    for day in (4, 5, 6):
        fail(running(schedule, day, started_at=NOW + 2 * MINUTE))

    schedule.refresh_from_db()
    assert (schedule.state, notices()) == (ScheduleState.ERRORED, 2)


def test_a_report_that_is_retried_by_hand_counts_once(schedule: ReportSchedule) -> None:
    report = running(schedule, 1)
    fail(report)
    for _ in range(5):
        retry_report(report_id=report.pk, actor=None, now=NOW)
        GeneratedReport.objects.filter(pk=report.pk).update(status=ReportStatus.QUEUED)
        report.refresh_from_db()
        claimed = claim_report(report_id=report.pk, attempt=report.attempt, now=NOW)
        assert claimed is not None
        fail(claimed)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.consecutive_failures, notices()) == (ScheduleState.ACTIVE, 1, 0)


def test_parameters_that_its_type_no_longer_understands_stop_it_at_once(schedule: ReportSchedule) -> None:
    fail(running(schedule, 1), code=ErrorCode.INVALID_PARAMETERS)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.state_reason) == (ScheduleState.ERRORED, "invalid_parameters: It broke")
    assert notices() == 1


def test_parameters_that_were_mended_meanwhile_do_not(schedule: ReportSchedule) -> None:
    fail(running(schedule, 1, parameters={"rows": "old"}), code=ErrorCode.INVALID_PARAMETERS)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.consecutive_failures) == (ScheduleState.ACTIVE, 1)
