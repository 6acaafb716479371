"""Last part of a tick: what should go out is marked in the database first, and published after the commit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.messages import Message


def queue_due_reports(*, now: dt.datetime, limit: int) -> list[Message]:
    """Mark pending reports whose time has come as queued, and return the messages to publish.

    Publishing needs no undo: a message that is lost, or never sent, is presumed lost after ``MESSAGE_TIMEOUT`` and
    sent again by :func:`requeue_lost_reports` with the same attempt. At most ``MAX_QUEUED`` reports wait in the broker.
    """
    with transaction.atomic():
        room = conf.MAX_QUEUED - GeneratedReport.objects.filter(status=ReportStatus.QUEUED).count()
        due = GeneratedReport.objects.waking(ReportStatus.PENDING, now=now).claimable()
        return _mark_queued(list(due[: max(0, min(limit, room))]), now=now)


def queue_report(*, report_id: Any, now: dt.datetime) -> list[Message]:
    """Do the same for one report, so that somebody who asked for it does not wait for the next tick."""
    with transaction.atomic():
        due = GeneratedReport.objects.waking(ReportStatus.PENDING, now=now).filter(pk=report_id).claimable()
        return _mark_queued(list(due), now=now)


def requeue_lost_reports(*, now: dt.datetime, limit: int) -> list[Message]:
    """Return the messages that nobody took in time, to be published again; a late twin of one changes nothing."""
    with transaction.atomic():
        lost = list(GeneratedReport.objects.waking(ReportStatus.QUEUED, now=now).claimable()[:limit])
        GeneratedReport.objects.filter(pk__in=[report.pk for report in lost]).update(
            wake_at=_presumed_lost_at(now), updated_at=now
        )
        record_all(audit_event("report.requeued", report, at=now) for report in lost)
    return [Message(str(report.pk), report.attempt) for report in lost]


def queue_due_deliveries(*, now: dt.datetime, limit: int, report_id: Any = None) -> list[Message]:
    """Return the messages of the deliveries whose time has come, of all reports or of one.

    A delivery stays pending until a worker claims it; until then its ``wake_at`` says when its message is
    presumed lost.
    """
    with transaction.atomic():
        due = Delivery.objects.waking(DeliveryStatus.PENDING, now=now).claimable()
        if report_id is not None:
            due = due.filter(report_id=report_id)
        waiting = list(due[:limit])
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(
            wake_at=_presumed_lost_at(now), updated_at=now
        )
    return [Message(str(delivery.pk), delivery.attempt) for delivery in waiting]


def _mark_queued(reports: list[GeneratedReport], *, now: dt.datetime) -> list[Message]:
    GeneratedReport.objects.filter(pk__in=[report.pk for report in reports], status=ReportStatus.PENDING).update(
        status=ReportStatus.QUEUED, wake_at=_presumed_lost_at(now), updated_at=now
    )
    record_all(audit_event("report.queued", report, at=now) for report in reports)
    return [Message(str(report.pk), report.attempt) for report in reports]


def _presumed_lost_at(now: dt.datetime) -> dt.datetime:
    return now + dt.timedelta(seconds=conf.MESSAGE_TIMEOUT)
