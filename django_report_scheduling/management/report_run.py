"""One report of a slot, made and delivered by this process as a worker would."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.management.base import CommandError

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services import delivering, generation
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.delivery_queueing import queue_deliveries_of
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_report
from django_report_scheduling.services.report_requests import backfill, retry_report

OF_THE_SLOT: Final = (Trigger.SCHEDULE, Trigger.BACKFILL)
"""What asks for the report of a slot; manual runs and previews are reports of their own."""
REOPENED: Final = (ReportStatus.FAILED, ReportStatus.MISSED, ReportStatus.SKIPPED, ReportStatus.CANCELLED)


def report_of_slot(schedule: ReportSchedule, *, slot: dt.datetime) -> GeneratedReport:
    """Return the one report of a slot: a finished one as it is, any other ready to be made.

    :raises CommandError: a worker is making it.
    """
    known = GeneratedReport.objects.filter(schedule=schedule, slot=slot, trigger__in=OF_THE_SLOT)
    report = known.filter(status=ReportStatus.SUCCEEDED).first() or known.order_by("pk").first()
    if report is None:
        return backfill(schedule=schedule, slot=slot, actor=None, now=database_now())
    if report.status in REOPENED:
        return retry_report(report_id=report.pk, actor=None, now=database_now())
    if report.status == ReportStatus.RUNNING:
        msg = f"A worker is making the report {report.pk} of this slot right now."
        raise CommandError(msg)
    return report


def make(report: GeneratedReport) -> GeneratedReport:
    """Claim a report as a worker does, make it, and return it as it is then.

    :raises CommandError: somebody else was faster, it waits for its next attempt, or it could not be made.
    """
    message = _message(report)
    status = generation.generate_report(report_id=message.id, attempt=message.attempt, clock=database_now)
    report.refresh_from_db()
    if status is None:
        msg = f"A worker was faster and is making the report {report.pk}."
        raise CommandError(msg)
    if status != ReportStatus.SUCCEEDED:
        later = f" The next attempt is at {report.wake_at.isoformat(timespec='seconds')}." if report.wake_at else ""
        msg = f"The report {report.pk} failed. {report.error_code}: {report.error_message}{later}"
        raise CommandError(msg)
    return report


def deliver(report: GeneratedReport) -> None:
    """Send the deliveries of a report whose time has come."""
    while messages := queue_deliveries_of(report_id=report.pk, now=database_now(), by_hand=True):
        for message in messages:
            delivering.deliver(delivery_id=message.id, attempt=message.attempt, clock=database_now)


def _message(report: GeneratedReport) -> Message:
    """Return what a message to a worker would say. A real one, if it is already under way, then comes too late."""
    messages = queue_report(report_id=report.pk, now=database_now(), by_hand=True)
    if messages:
        return messages[0]
    report.refresh_from_db()
    if report.status == ReportStatus.PENDING and report.wake_at:
        when = report.wake_at.isoformat(timespec="seconds")
        msg = (
            f"The report {report.pk} failed before and is tried again at {when}. "
            f"{report.error_code}: {report.error_message}"
        )
        raise CommandError(msg)
    return Message(str(report.pk), report.attempt)
