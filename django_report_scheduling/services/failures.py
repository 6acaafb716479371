"""What follows when a report has failed for good."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import router
from django.db.models import QuerySet

from django_report_scheduling.choices import ErrorCode, Event, ReportStatus, ScheduleState, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.announcements import announce
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.notices import tell
from django_report_scheduling.services.schedule_locks import hold_schedule
from django_report_scheduling.services.schedule_states import set_state
from django_report_scheduling.services.webhooks.events import tell_of_reports, tell_of_schedule
from django_report_scheduling.signals import report_failed

FAILED: Final = "report.failed"
GOES_ON: Final = "schedule.active"


def close_as_failed(report: GeneratedReport, *, code: ErrorCode, message: str, now: dt.datetime) -> None:
    """Fail a report that the caller holds, inside the caller's transaction, and count it against its schedule."""
    again = _failed_before(report)
    report.status = ReportStatus.FAILED
    report.error_code = code
    report.error_message = message
    report.wake_at = None
    report.finished_at = now
    report.expires_at = now + conf.RETENTION
    report.save(
        update_fields=[
            "status", "error_code", "error_message", "failures", "wake_at", "finished_at", "expires_at", "updated_at",
        ]
    )  # fmt: skip
    record(FAILED, report, at=now, data={"code": code.value})
    tell_of_reports(Event.REPORT_FAILED, [report], now=now)
    announce(
        report_failed,
        sender=GeneratedReport,
        report_id=report.pk,
        schedule_id=report.schedule_id,
        error_code=code.value,
    )
    if counts_for_schedule(report) and not again:
        _count_failure(report, now=now)


def counts_for_schedule(report: GeneratedReport) -> bool:
    """Whether the outcome of the report is one of its schedule: not for previews, manual runs and back-fills."""
    return report.trigger == Trigger.SCHEDULE and report.schedule_id is not None


def _failed_before(report: GeneratedReport) -> bool:
    """Whether this is a retry by hand of a report that failed: a report counts once, however often it is tried."""
    return _events().filter(object_id=str(report.pk), verb=FAILED).exists()


def _count_failure(report: GeneratedReport, *, now: dt.datetime) -> None:
    # Three workers may fail at the same moment: the lock lets them count one after the other.
    schedule = hold_schedule(report.schedule_id)
    if schedule is None or _is_late(report):
        return
    schedule.consecutive_failures += 1
    schedule.last_run_at = now
    schedule.save(update_fields=["consecutive_failures", "last_run_at", "updated_at"])
    reason = _reason_to_stop(schedule, report)
    if reason and schedule.state == ScheduleState.ACTIVE:
        set_state(schedule, ScheduleState.ERRORED, reason=reason, actor=None, now=now)
        tell(schedule, report, now=now)
        tell_of_schedule(Event.SCHEDULE_ERRORED, schedule, report=report, now=now)


def _is_late(report: GeneratedReport) -> bool:
    """Whether somebody let the schedule go on after this attempt began: it says nothing about the cure."""
    goes_on = _events().filter(schedule_id=report.schedule_id, verb=GOES_ON, at__gt=report.started_at)
    return goes_on.exists()


def _events() -> QuerySet[AuditEvent]:
    # As fresh as the rows that they tell of, also where a router reads from a replica.
    return AuditEvent.objects.using(router.db_for_write(AuditEvent))


def _reason_to_stop(schedule: ReportSchedule, report: GeneratedReport) -> str:
    # Parameters that the type does not understand will not be understood next time either, unless they have changed.
    same = (schedule.report_type, schedule.parameters) == (report.report_type, report.parameters)
    if report.error_code == ErrorCode.INVALID_PARAMETERS and same:
        return f"{ErrorCode.INVALID_PARAMETERS.value}: {report.error_message}"
    if schedule.consecutive_failures >= conf.MAX_CONSECUTIVE_FAILURES:
        return f"{schedule.consecutive_failures} reports failed in a row, the last one with {report.error_code}."
    return ""
