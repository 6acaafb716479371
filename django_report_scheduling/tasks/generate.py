"""The task that makes one report."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services import generation
from django_report_scheduling.services.arrivals import REPORTS, note_arrival
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.reconnection import drop_broken_connection
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.publishing import dispatch_deliveries, dispatch_reports_of


@shared_task(bind=True, name=names.GENERATE_REPORT, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def generate_report(self: Any, report_id: str, attempt: int, handed_out: float | None = None) -> None:  # noqa: ARG001  # bound, so that subclasses and tracing find the request
    """Make the report in the attempt that the message was sent for, and hand out what follows from it.

    :param handed_out: when the message went to the broker, in seconds since 1970.
    """
    drop_broken_connection()
    note_arrival(REPORTS, handed_out=handed_out)
    status = generation.generate_report(report_id=report_id, attempt=attempt, clock=database_now)
    if status in {ReportStatus.SUCCEEDED, ReportStatus.FAILED}:
        dispatch_deliveries(report_id)
    if status is not None:
        _pass_on_the_room(report_id)


def _pass_on_the_room(report_id: str) -> None:
    account_id = GeneratedReport.objects.fresh().filter(pk=report_id).values_list("account_id", flat=True).first()
    if account_id is not None:
        dispatch_reports_of(account_id)
