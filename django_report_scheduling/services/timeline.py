"""Why did this run, or not? What is written down about a schedule, its reports and their deliveries."""

from __future__ import annotations

from django.db.models import QuerySet

from django_report_scheduling.models import AuditEvent, ReportSchedule


def timeline_of(schedule: ReportSchedule) -> QuerySet[AuditEvent]:
    """Return the events of a schedule, newest first, each with its actor.

    They say who did what; show them to those who manage the account.
    """
    return AuditEvent.objects.filter(schedule_id=schedule.pk).select_related("actor").order_by("-pk")
