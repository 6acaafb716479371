"""Which deliveries go to the broker now; the counterpart of :mod:`.queueing`, with limits of the same kind.

A delivery stays pending until a worker claims it. That it has been handed out shows in its ``queued_at``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery
from django_report_scheduling.models.delivery import DeliveryQuerySet
from django_report_scheduling.services.fair_share import DueRow, Walk
from django_report_scheduling.services.lost_messages import lost_at
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.pump_lock import pump_transaction

NEEDED = ("pk", "report__account_id", "attempt", "wake_at")
"""The fields of a :class:`DueRow`."""


def queue_due_deliveries(*, now: dt.datetime, limit: int, walk: Walk | None = None) -> list[Message]:
    """Hand out the deliveries whose time has come: note it in the rows, and return the messages to publish.

    At most ``MAX_QUEUED`` deliveries wait in the broker, and at most ``MAX_DELIVERIES_PER_ACCOUNT`` of an account are
    there and with the workers.

    :param limit: how many deliveries to look at.
    :param walk: where to go on; brought up to date, as by :func:`.queueing.queue_due_reports`.
    """
    walk = Walk() if walk is None else walk
    with pump_transaction():
        room = _room_in_broker()
        if room <= 0:
            walk.over = True
            return []
        walk.begin(full_accounts)
        due = _due(now).filter(walk.ahead()).exclude(report__account_id__in=walk.full)
        return _hand_out(due, walk=walk, limit=limit, room=room, now=now)


def queue_deliveries_of(*, report_id: Any, now: dt.datetime, by_hand: bool = False) -> list[Message]:
    """Do the same for one report, so that its receivers do not wait for the next tick.

    :param by_hand: the caller delivers itself, at once and whatever else is under way.
    """
    due = _due(now).filter(report_id=report_id)
    if not due.exists():
        return []
    with pump_transaction():
        limit = conf.TICK_BATCH_SIZE
        room = limit if by_hand else max(0, _room_in_broker())
        return _hand_out(due, walk=Walk(), limit=limit, room=room, now=now, capped=not by_hand)


def full_accounts() -> list[Any]:
    """Return the accounts that have as many deliveries with the broker and the workers as they may."""
    cap = conf.MAX_DELIVERIES_PER_ACCOUNT
    return [] if cap is None else [account for account, number in _in_flight().items() if number >= cap]


def _due(now: dt.datetime) -> DeliveryQuerySet:
    return Delivery.objects.fresh().waking(DeliveryStatus.PENDING, now=now).filter(queued_at=None)


def _room_in_broker() -> int:
    return conf.MAX_QUEUED - Delivery.objects.fresh().handed_out()[: conf.MAX_QUEUED].count()


def _in_flight(accounts: Collection[Any] | None = None) -> Counter[Any]:
    handed_out = Q(status=DeliveryStatus.PENDING, queued_at__isnull=False)
    out = Delivery.objects.fresh().filter(handed_out | Q(status=DeliveryStatus.SENDING))
    if accounts is not None:
        out = out.filter(report__account_id__in=accounts)
    return Counter(dict(out.values_list("report__account_id").annotate(Count("pk"))))


def _hand_out(
    due: DeliveryQuerySet, *, walk: Walk, limit: int, room: int, now: dt.datetime, capped: bool = True
) -> list[Message]:
    cap = conf.MAX_DELIVERIES_PER_ACCOUNT if capped else None
    seen = [DueRow(*values) for values in due.claimable().values_list(*NEEDED)[:limit]]
    deliveries = walk.take(seen, limit=limit, room=room, cap=cap, count=_in_flight)
    Delivery.objects.filter(pk__in=[delivery.key for delivery in deliveries]).update(
        wake_at=lost_at(now), queued_at=now, updated_at=now
    )
    return [Message(str(delivery.key), delivery.attempt, now) for delivery in deliveries]
