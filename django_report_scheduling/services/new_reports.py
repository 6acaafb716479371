"""From a schedule and a slot to the row of a report, with everything frozen that the run will need."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.period import Period


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


def close(report: GeneratedReport, status: ReportStatus, *, reason: str, now: dt.datetime) -> None:
    """Turn a report that is not yet saved into the trace of a slot that nothing runs for."""
    report.status = status
    report.status_reason = reason
    report.wake_at = None
    report.finished_at = now
    report.expires_at = now + conf.RETENTION
