"""What follows when a report has failed for good."""

from __future__ import annotations

import datetime as dt

from django_report_scheduling.access.roles import accounts_visible_to, administrators
from django_report_scheduling.choices import ErrorCode, Event, ReportStatus, ScheduleState, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services.announcements import announce
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.schedule_locks import hold_schedule
from django_report_scheduling.services.schedule_states import set_state
from django_report_scheduling.signals import report_failed


def close_as_failed(report: GeneratedReport, *, code: ErrorCode, message: str, now: dt.datetime) -> None:
    """Fail a report that the caller holds, inside the caller's transaction, and count it against its schedule."""
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
    record("report.failed", report, at=now, data={"code": code.value})
    announce(
        report_failed,
        sender=GeneratedReport,
        report_id=report.pk,
        schedule_id=report.schedule_id,
        error_code=code.value,
    )
    if counts_for_schedule(report):
        _count_failure(report, now=now)


def counts_for_schedule(report: GeneratedReport) -> bool:
    """Whether the outcome of the report is one of its schedule: not for previews, manual runs and back-fills."""
    return report.trigger == Trigger.SCHEDULE and report.schedule_id is not None


def people_to_tell(schedule: ReportSchedule) -> set[str]:
    """Return the addresses of those who are told when a schedule stops: administrators, and an owner with a role."""
    people = set(administrators().exclude(email="").values_list("email", flat=True))
    owner = schedule.created_by
    if owner is not None and owner.email and accounts_visible_to(owner).filter(pk=schedule.account_id).exists():
        people.add(owner.email)
    return people


def _count_failure(report: GeneratedReport, *, now: dt.datetime) -> None:
    # Three workers may fail at the same moment: the lock lets them count one after the other.
    schedule = hold_schedule(report.schedule_id)
    if schedule is None:
        return
    schedule.consecutive_failures += 1
    schedule.last_run_at = now
    schedule.save(update_fields=["consecutive_failures", "last_run_at", "updated_at"])
    if schedule.state != ScheduleState.ACTIVE:
        return
    if schedule.consecutive_failures >= conf.MAX_CONSECUTIVE_FAILURES:
        reason = f"{schedule.consecutive_failures} reports failed in a row, the last one with {report.error_code}."
        set_state(schedule, ScheduleState.ERRORED, reason=reason, actor=None, now=now)
        tell(schedule, report, now=now)


def tell(schedule: ReportSchedule, report: GeneratedReport, *, now: dt.datetime) -> None:
    """Tell, once, that a schedule has stopped; the notices hang on the report that stopped it."""
    Delivery.objects.bulk_create(
        [
            Delivery(report=report, event=Event.SCHEDULE_ERRORED, channel="email", target=email, wake_at=now)
            for email in sorted(people_to_tell(schedule))
        ],
        ignore_conflicts=True,
    )
