"""From a schedule and a slot to the row of a report, with everything frozen that the run will need."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError

from django_report_scheduling.choices import ErrorCode, ReportStatus, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import ValidationFailed
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.models.validators import validate_timezone
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import period_for


def new_report(
    schedule: ReportSchedule,
    *,
    slot: dt.datetime,
    period: Period,
    trigger: Trigger,
    now: dt.datetime,
    requested_by: AbstractUser | None = None,
) -> GeneratedReport:
    """Build, but do not save, a report that is to be sent to a worker at once."""
    return GeneratedReport(
        schedule=schedule,
        account_id=schedule.account_id,
        report_type=schedule.report_type,
        parameters=schedule.parameters,
        formats=schedule.formats,
        frequency=schedule.frequency,
        timezone=schedule.timezone,
        trigger=trigger,
        slot=slot,
        period_start=period.start,
        period_end=period.end,
        wake_at=now,
        requested_by=cast("Any", requested_by),
    )


def new_missed_report(
    schedule: ReportSchedule, *, slot: dt.datetime, period: Period, now: dt.datetime, reason: str
) -> GeneratedReport:
    """Build, but do not save, the trace of a slot that nothing ran for."""
    report = new_report(schedule, slot=slot, period=period, trigger=Trigger.SCHEDULE, now=now)
    return _closed(report, ReportStatus.MISSED, reason=reason, now=now)


def new_skipped_report(
    schedule: ReportSchedule,
    *,
    slot: dt.datetime,
    now: dt.datetime,
    reason: str,
    error: tuple[ErrorCode, str] | None = None,
) -> GeneratedReport:
    """Build, but do not save, the trace of a slot whose schedule cannot run.

    When the schedule's rule does not tell the period, the day before the slot stands in for it, and UTC for a time
    zone that does not exist.

    :param error: code and safe text, for people who look for what went wrong.
    """
    try:
        period = period_for(schedule.as_recurrence(), slot=slot)
    except ValidationFailed:
        period = Period(start=slot - dt.timedelta(days=1), end=slot)
    report = new_report(schedule, slot=slot, period=period, trigger=Trigger.SCHEDULE, now=now)
    report.timezone = _known_timezone(schedule.timezone)
    if error:
        report.error_code, report.error_message = error
    return _closed(report, ReportStatus.SKIPPED, reason=reason, now=now)


def _closed(report: GeneratedReport, status: ReportStatus, *, reason: str, now: dt.datetime) -> GeneratedReport:
    report.status = status
    report.status_reason = reason
    report.wake_at = None
    report.finished_at = now
    report.expires_at = now + conf.RETENTION
    return report


def _known_timezone(name: str) -> str:
    try:
        validate_timezone(name)
    except ValidationError:
        return "UTC"
    return name
