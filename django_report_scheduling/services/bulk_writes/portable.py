"""Storing expansions through Django's ORM, for every database that it speaks to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import router

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.due_slots import Expansion
from django_report_scheduling.services.new_reports import close, new_report

ADVANCED_FIELDS = ("state", "state_reason", "next_run_at", "updated_at")


def store_reports(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    """Add the report of every slot that has none yet, and its line in the record."""
    reports = [report for expansion in expansions for report in _rows(expansion, now=now)]
    GeneratedReport.objects.bulk_create(reports, ignore_conflicts=True)
    written = GeneratedReport.objects.using(router.db_for_write(GeneratedReport))
    stored = set(written.filter(pk__in=[report.pk for report in reports]).values_list("pk", flat=True))
    record_all(
        audit_event(f"report.{report.status}", report, at=now, data={"slot": report.slot.isoformat()})
        for report in reports
        if report.pk in stored
    )


def store_schedules(schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> None:
    """Store the state and the next run of schedules."""
    for schedule in schedules:
        schedule.updated_at = now
    ReportSchedule.objects.bulk_update(schedules, ADVANCED_FIELDS)


def mark_queued(report_ids: Sequence[Any], *, wake_at: dt.datetime, now: dt.datetime) -> None:
    """Mark reports as handed out, each with its line in the record."""
    reports = GeneratedReport.objects.fresh().filter(pk__in=report_ids)
    record_all(audit_event("report.queued", report, at=now) for report in reports.only("account", "schedule"))
    reports.update(status=ReportStatus.QUEUED, wake_at=wake_at, queued_at=now, updated_at=now)


def _rows(expansion: Expansion, *, now: dt.datetime) -> list[GeneratedReport]:
    rows = []
    for made in expansion.reports:
        row = new_report(expansion.schedule, slot=made.slot, period=made.period, trigger=Trigger.SCHEDULE, now=now)
        row.timezone = made.timezone
        row.wake_at = now + made.delay
        if made.error:
            row.error_code, row.error_message = made.error
        if made.status != ReportStatus.PENDING:
            close(row, made.status, reason=made.reason, now=now)
        rows.append(row)
    return rows
