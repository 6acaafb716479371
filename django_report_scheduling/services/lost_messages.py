"""Which messages that nobody took are lost, and which only wait their turn.

A message past its ``wake_at`` (``MESSAGE_TIMEOUT`` after it was handed out) is late. Whether it is lost cannot be seen
from its age: behind a backlog of hours every message is late, and sending them again would only lengthen the queue.

*Lost* is what something newer has overtaken. A queue is first in, first out, so a message is lost when one that was
handed out a whole ``MESSAGE_TIMEOUT`` later has reached a worker (:mod:`.arrivals`), in other words when the newest
arrival was handed out at or after its ``wake_at``. The margin is for messages that a worker has fetched ahead and still
holds: they may be overtaken without being lost. Taking one for lost by mistake is harmless, as whichever twin comes
second finds the attempt gone, and it cannot lead to more such mistakes, because a time travels with its own message.

*No evidence* comes from a queue that nothing leaves. Either the broker was wiped or nobody works; both look the same
from here. When all messages are late and nothing is being worked on, ``PROBES`` of them are sent again. If workers
live they take the probes at once, which shows that all the others are lost, and these follow with the next tick: at
worst ``MESSAGE_TIMEOUT`` and two ticks after the loss. If nobody works, no message is late enough for the next probes
before another ``MESSAGE_TIMEOUT`` is over: 864 messages in two days, however long the queue.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, TypeVar

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.services.arrivals import DELIVERIES, REPORTS, newest_arrival
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.pump_lock import pump_transaction

PROBES: Final = 3
"""Messages that are sent again to find out whether anybody works; more than one, so that one bad row proves nothing."""

Row = TypeVar("Row", GeneratedReport, Delivery)


def requeue_lost_reports(*, now: dt.datetime, limit: int) -> list[Message]:
    """Return the messages of reports to publish again: the lost ones, or a few probes."""
    with pump_transaction():
        queued = GeneratedReport.objects.fresh().filter(status=ReportStatus.QUEUED)
        busy = GeneratedReport.objects.fresh().filter(status=ReportStatus.RUNNING)
        lost = _to_send_again(queued, busy, newest_arrival(REPORTS), now=now, limit=limit)
        record_all(audit_event("report.requeued", report, at=now) for report in lost)
    return [Message(str(report.pk), report.attempt, now) for report in lost]


def requeue_lost_deliveries(*, now: dt.datetime, limit: int) -> list[Message]:
    """Return the messages of deliveries to publish again: the lost ones, or a few probes."""
    with pump_transaction():
        busy = Delivery.objects.fresh().filter(status=DeliveryStatus.SENDING)
        waiting = Delivery.objects.fresh().handed_out()
        lost = _to_send_again(waiting, busy, newest_arrival(DELIVERIES), now=now, limit=limit)
    return [Message(str(delivery.pk), delivery.attempt, now) for delivery in lost]


def lost_at(now: dt.datetime) -> dt.datetime:
    """Return when a message that is handed out now will be late."""
    return now + dt.timedelta(seconds=conf.MESSAGE_TIMEOUT)


def _to_send_again(
    waiting: LockingQuerySet[Row], busy: LockingQuerySet[Any], reached: dt.datetime, *, now: dt.datetime, limit: int
) -> list[Row]:
    oldest_first = waiting.order_by("wake_at", "pk").claimable()
    rows = list(oldest_first.filter(wake_at__lte=min(reached, now))[:limit])
    if not rows and not waiting.filter(wake_at__gt=now).exists() and not busy.exists():
        rows = list(oldest_first[:PROBES])
    waiting.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
        wake_at=lost_at(now), queued_at=now, updated_at=now
    )
    return rows
