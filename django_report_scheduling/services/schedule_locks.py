"""The order in which rows are locked: a schedule before its reports, everywhere."""

from __future__ import annotations

from typing import Any

from django_report_scheduling.models import ReportSchedule


def hold_schedule(schedule_id: Any) -> ReportSchedule | None:
    """Lock a schedule until the end of the caller's transaction, before touching any of its reports.

    Two processes that took schedule and report in different orders would wait for each other.
    """
    return ReportSchedule.objects.filter(pk=schedule_id).locked().first()
