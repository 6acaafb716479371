"""Second part of a tick: what a vanished worker held is taken back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.audit import audit_event, record, record_all
from django_report_scheduling.services.failures import close_as_failed, counts_for_schedule
from django_report_scheduling.services.schedule_locks import hold_schedule


def rescue_reports(*, now: dt.datetime, limit: int) -> int:
    """Give reports whose lease is over back to the queue, each at most ``MAX_RESCUES`` times; returns how many.

    The attempt was counted before the work began, so a report that kills its process does not come back for ever.
    """
    return _give_back(now=now, limit=limit) + _give_up(now=now, limit=limit)


def _give_back(*, now: dt.datetime, limit: int) -> int:
    with transaction.atomic():
        lost = GeneratedReport.objects.waking(ReportStatus.RUNNING, now=now).filter(rescues__lt=conf.MAX_RESCUES)
        reports = list(lost.claimable()[:limit])
        for report in reports:
            report.rescues += 1
            report.status = ReportStatus.PENDING
            report.wake_at = now
            report.updated_at = now
        GeneratedReport.objects.bulk_update(reports, ["rescues", "status", "wake_at", "updated_at"])
        record_all(
            audit_event("report.rescued", report, at=now, data={"rescues": report.rescues}) for report in reports
        )
    return len(reports)


def _give_up(*, now: dt.datetime, limit: int) -> int:
    # One transaction for each: closing locks the schedule, and ticks that lock several of them could deadlock.
    lost = GeneratedReport.objects.waking(ReportStatus.RUNNING, now=now).filter(rescues__gte=conf.MAX_RESCUES)
    return sum(_close_lost(report, now=now) for report in lost[:limit])


def _close_lost(report: GeneratedReport, *, now: dt.datetime) -> int:
    with transaction.atomic():
        if counts_for_schedule(report):
            hold_schedule(report.schedule_id)
        still = GeneratedReport.objects.waking(ReportStatus.RUNNING, now=now).filter(attempt=report.attempt)
        held = still.filter(pk=report.pk).claimable().first()
        if held is None:
            return 0
        message = f"The worker vanished {held.rescues + 1} times while it made this report."
        close_as_failed(held, code=ErrorCode.WORKER_LOST, message=message, now=now)
    return 1


def rescue_deliveries(*, now: dt.datetime, limit: int) -> int:
    """Close, or try again, deliveries whose worker vanished while it was sending; returns how many.

    Nobody can know whether such a message went out. Where the receiver recognises repetitions it is sent again;
    elsewhere it ends as ``unknown`` and somebody decides, because two mails are worse than a question.
    """
    with transaction.atomic():
        lost = list(
            Delivery.objects.waking(DeliveryStatus.SENDING, now=now).claimable().select_related("report")[:limit]
        )
        for delivery in lost:
            if _repeatable(delivery):
                delivery.status, delivery.wake_at = DeliveryStatus.PENDING, now
            else:
                delivery.status, delivery.wake_at = DeliveryStatus.UNKNOWN, None
                delivery.error_code = ErrorCode.OUTCOME_UNKNOWN
                delivery.error_message = "The worker vanished while sending; the message may or may not have arrived."
            delivery.save(update_fields=["status", "wake_at", "error_code", "error_message", "updated_at"])
            record(f"delivery.{delivery.status}", delivery, at=now)
    return len(lost)


def _repeatable(delivery: Delivery) -> bool:
    # Bounded, so that a delivery that kills its process does not come back for ever.
    most = conf.MAX_RESCUES + len(conf.DELIVERY_RETRY_DELAYS)
    return delivery.attempt <= most and delivery.channel in channels and channels[delivery.channel].repeatable
