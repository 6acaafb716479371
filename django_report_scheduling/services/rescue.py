"""Second part of a tick: what a vanished worker held is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.failures import close_as_failed, counts_for_schedule
from django_report_scheduling.services.schedule_locks import hold_schedule
from django_report_scheduling.services.short_transactions import short_transaction


def rescue_reports(*, now: dt.datetime, limit: int) -> int:
    """Give reports whose lease is over back to the queue, each at most ``MAX_RESCUES`` times; returns how many.

    The attempt was counted before the work began, so a report that kills its process does not come back for ever.
    """
    if not GeneratedReport.objects.fresh().waking(ReportStatus.RUNNING, now=now).exists():
        return 0
    return _give_back(now=now, limit=limit) + _give_up(now=now, limit=limit)


def _give_back(*, now: dt.datetime, limit: int) -> int:
    with short_transaction():
        lost = GeneratedReport.objects.waking(ReportStatus.RUNNING, now=now).filter(rescues__lt=conf.MAX_RESCUES)
        reports = list(lost.claimable()[:limit])
        GeneratedReport.objects.filter(pk__in=[report.pk for report in reports], status=ReportStatus.RUNNING).update(
            rescues=F("rescues") + 1, status=ReportStatus.PENDING, wake_at=now, queued_at=None, updated_at=now
        )
        record_all(
            audit_event("report.rescued", report, at=now, data={"rescues": report.rescues + 1}) for report in reports
        )
    return len(reports)


def _give_up(*, now: dt.datetime, limit: int) -> int:
    # One transaction for each: closing locks the schedule, and ticks that lock several of them could deadlock.
    lost = GeneratedReport.objects.waking(ReportStatus.RUNNING, now=now).filter(rescues__gte=conf.MAX_RESCUES)
    return sum(_close_lost(report, now=now) for report in lost.fresh()[:limit])


def _close_lost(report: GeneratedReport, *, now: dt.datetime) -> int:
    with short_transaction():
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
    if not Delivery.objects.fresh().waking(DeliveryStatus.SENDING, now=now).exists():
        return 0
    with short_transaction():
        waking = Delivery.objects.waking(DeliveryStatus.SENDING, now=now).select_related("report", "webhook")
        lost = list(waking.claimable()[:limit])
        again, unknown = [each for each in lost if _repeatable(each)], [each for each in lost if not _repeatable(each)]
        _change(again, now=now, status=DeliveryStatus.PENDING, wake_at=now, queued_at=None)
        _change(
            unknown,
            now=now,
            status=DeliveryStatus.UNKNOWN,
            wake_at=None,
            error_code=ErrorCode.OUTCOME_UNKNOWN,
            error_message="The worker vanished while sending; the message may or may not have arrived.",
        )
    return len(lost)


def _change(deliveries: Sequence[Delivery], *, now: dt.datetime, status: DeliveryStatus, **fields: Any) -> None:
    sending = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries], status=DeliveryStatus.SENDING)
    sending.update(status=status, updated_at=now, **fields)
    record_all(audit_event(f"delivery.{status.value}", delivery, at=now) for delivery in deliveries)


def _repeatable(delivery: Delivery) -> bool:
    # Bounded, so that a delivery that kills its process does not come back for ever.
    if delivery.channel not in channels or not (channel := channels[delivery.channel]).repeatable:
        return False
    # One that was sent again by hand has more of them behind it.
    return delivery.attempt <= conf.MAX_RESCUES + max(len(channel.retry_delays), delivery.attempts.count())
