"""What webhooks are told, frozen when it happens: ids and states, never an address, a parameter or report content."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django_report_scheduling.choices import Event, ReportStatus
from django_report_scheduling.models import GeneratedReport, ReportSchedule, WebhookEndpoint

STATUSES: Final[Mapping[Event, ReportStatus]] = {
    Event.REPORT_SUCCEEDED: ReportStatus.SUCCEEDED,
    Event.REPORT_FAILED: ReportStatus.FAILED,
    Event.REPORT_SKIPPED: ReportStatus.SKIPPED,
}


def envelope(event: Event, data: Mapping[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """Return a payload in the form that Standard Webhooks 1.0 recommends.

    :param now: when it happened, aware.
    """
    return {"type": event.value, "timestamp": _instant(now), "data": dict(data)}


def report_data(report: GeneratedReport, event: Event) -> dict[str, Any]:
    """Return what is told of a report whose row may not have its new status in memory yet."""
    return {
        "report": str(report.pk),
        "account": str(report.account_id),
        "schedule": str(report.schedule_id) if report.schedule_id else None,
        "report_type": report.report_type,
        "trigger": report.trigger,
        "slot": _instant(report.slot),
        "period_start": _instant(report.period_start),
        "period_end": _instant(report.period_end),
        "status": STATUSES[event].value,
        "error_code": "" if event == Event.REPORT_SUCCEEDED else str(report.error_code),
    }


def schedule_data(schedule: ReportSchedule) -> dict[str, Any]:
    """Return what is told of a schedule."""
    return {
        "schedule": str(schedule.pk),
        "account": str(schedule.account_id),
        "report_type": schedule.report_type,
        "state": str(schedule.state),
        "next_run_at": _instant(schedule.next_run_at) if schedule.next_run_at and schedule.state == "active" else None,
    }


def ping_data(endpoint: WebhookEndpoint) -> dict[str, Any]:
    """Return what is told to an endpoint that only has to answer."""
    return {"webhook": str(endpoint.pk), "account": str(endpoint.account_id)}


def _instant(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
