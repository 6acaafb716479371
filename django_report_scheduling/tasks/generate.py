"""The task that makes one report."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.services import generation
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.publishing import dispatch_deliveries


@shared_task(bind=True, name=names.GENERATE_REPORT, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def generate_report(self: Any, report_id: str, attempt: int) -> None:  # noqa: ARG001  # bound, so that subclasses and tracing find the request
    """Make the report in the attempt that the message was sent for, then hand its deliveries out."""
    status = generation.generate_report(report_id=report_id, attempt=attempt, clock=database_now)
    if status in {ReportStatus.SUCCEEDED, ReportStatus.FAILED}:
        dispatch_deliveries(report_id)
