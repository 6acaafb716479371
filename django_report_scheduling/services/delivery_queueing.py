"""Which deliveries go to the broker now; the counterpart of :mod:`.queueing`, with limits of the same kind.

A delivery stays pending until a worker claims it. That it has been handed out shows in its ``queued_at``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

from django.db.models import Q

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.models.delivery import DeliveryQuerySet
from django_report_scheduling.services.delivery_lanes import (
    LANES,
    MAX_BETWEEN_ATTEMPTS,
    OTHERS,
    RETRIES,
    WEBHOOK_LANES,
    WEBHOOKS,
    Lane,
)
from django_report_scheduling.services.fair_share import DueRow, Walk
from django_report_scheduling.services.lost_messages import lost_at
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.pump_lock import pump_transaction

NEAR: Final = dt.timedelta(seconds=60)
"""How long a message may be held back for the next attempt at a webhook; longer waits are the tick's."""
NEEDED = ("pk", "account_key", "attempt", "wake_at")
"""The fields of a :class:`DueRow`."""


def queue_due_deliveries(
    *, now: dt.datetime, limit: int, walk: Walk | None = None, lane: Lane = OTHERS
) -> list[Message]:
    """Hand out the deliveries whose time has come: note it in the rows, and return the messages to publish.

    At most ``MAX_QUEUED`` deliveries wait in the broker, and at most ``MAX_DELIVERIES_PER_ACCOUNT`` of an account are
    there and with the workers; of webhooks at most ``WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT``.

    :param limit: how many deliveries to look at.
    :param walk: where to go on; brought up to date, as by :func:`.queueing.queue_due_reports`.
    :param lane: which deliveries.
    """
    walk = Walk() if walk is None else walk
    with pump_transaction():
        room = _room_in_broker()
        if room <= 0:
            walk.over = True
            return []
        walk.begin(partial(full_accounts, lane, now=now))
        due = _due(now).filter(walk.ahead()).outside_of(walk.full)
        return _hand_out(due, walk=walk, limit=limit, room=room, now=now, lane=lane)


def queue_deliveries_of(*, report_id: Any, now: dt.datetime, by_hand: bool = False) -> list[Message]:
    """Do the same for one report, so that its receivers do not wait for the next tick.

    :param by_hand: the caller delivers itself, at once and whatever else is under way.
    """
    return _queue_at_once(_due(now).filter(report_id=report_id), LANES, now=now, by_hand=by_hand)


def queue_deliveries_to(*, webhook_id: Any, now: dt.datetime) -> list[Message]:
    """Do the same for one webhook."""
    return _queue_at_once(_due(now).filter(webhook_id=webhook_id), WEBHOOK_LANES, now=now)


def queue_webhooks_after(*, delivery_id: Any, now: dt.datetime) -> list[Message]:
    """Fill the room that a webhook which has come to its end leaves to others of its account."""
    ended = Delivery.objects.fresh().filter(WEBHOOKS.sharing, pk=delivery_id)
    account_id = ended.values_list("webhook__account_id", flat=True).first()
    if account_id is None:
        return []
    endpoints = WebhookEndpoint.objects.fresh().filter(account_id=account_id).values_list("pk", flat=True)
    return _queue_at_once(_due(now).filter(webhook__in=list(endpoints)), WEBHOOK_LANES, now=now)


def retry_of_webhook(*, delivery_id: Any) -> tuple[Message, dt.datetime] | None:
    """Return the message for the next attempt at a webhook that has just failed, and when it is to arrive.

    Nothing is noted in the row, which goes out with the next tick after that moment too: of twins the second finds the
    attempt gone. So the message may get lost. When it arrives it has to :func:`take_room_for_retry`.

    :returns: ``None`` where it is no webhook, or not waiting for another attempt.
    """
    delivery = _waiting().filter(RETRIES.rows, pk=delivery_id).only("attempt", "wake_at").first()
    if delivery is None or delivery.wake_at is None:
        return None
    return Message(str(delivery.pk), delivery.attempt), delivery.wake_at


def take_room_for_retry(*, delivery_id: Any, attempt: int, now: dt.datetime) -> bool:
    """Whether a message that says nothing of having been handed out may be followed now.

    That of a webhook's next attempt may not while its account has as many under way as it may. The row then waits,
    before all others of the account, for one of those to come to its end, or for a tick.
    """
    retry = _waiting().filter(RETRIES.rows, pk=delivery_id, attempt=attempt).order_by("pk")
    if not retry.exists():  # the claim knows what to do with all others
        return True
    with pump_transaction():
        return bool(_hand_out(retry, walk=Walk(), limit=1, room=1, now=now, lane=RETRIES))


def _queue_at_once(
    due: DeliveryQuerySet, lanes: Sequence[Lane], *, now: dt.datetime, by_hand: bool = False
) -> list[Message]:
    """Hand out deliveries of a single account."""
    return [message for lane in lanes for message in _queue_lane(due.filter(lane.rows), lane, now=now, by_hand=by_hand)]


def _queue_lane(due: DeliveryQuerySet, lane: Lane, *, now: dt.datetime, by_hand: bool) -> list[Message]:
    if not due.exists():
        return []
    limit = conf.TICK_BATCH_SIZE
    with pump_transaction():
        if by_hand:
            return _hand_out(due, walk=Walk(), limit=limit, room=limit, now=now, lane=lane, capped=False)
        room = max(0, _room_in_broker())
        return _hand_out(due, walk=Walk(), limit=min(limit, lane.cap or limit), room=room, now=now, lane=lane)


def full_accounts(lane: Lane = OTHERS, *, now: dt.datetime) -> list[Any]:
    """Return the accounts that have as many deliveries of a lane with the broker and the workers as they may."""
    cap = lane.cap
    return [] if cap is None else [account for account, number in _in_flight(lane, now=now).items() if number >= cap]


def _waiting() -> DeliveryQuerySet:
    return Delivery.objects.fresh().filter(status=DeliveryStatus.PENDING, queued_at=None)


def _due(now: dt.datetime) -> DeliveryQuerySet:
    return Delivery.objects.fresh().waking(DeliveryStatus.PENDING, now=now).filter(queued_at=None)


def _room_in_broker() -> int:
    return conf.MAX_QUEUED - Delivery.objects.fresh().handed_out()[: conf.MAX_QUEUED].count()


def _in_flight(lane: Lane, accounts: Collection[Any] | None = None, *, now: dt.datetime) -> Counter[Any]:
    handed_out = Q(status=DeliveryStatus.PENDING, queued_at__isnull=False)
    out = _by_account(Delivery.objects.fresh().filter(handed_out | Q(status=DeliveryStatus.SENDING)), lane, accounts)
    if lane.after_retries:
        retries = _waiting().filter(failures__gt=0, wake_at__lte=now + NEAR)
        for account, number in _by_account(retries, lane, accounts).items():
            out[account] += max(0, number - MAX_BETWEEN_ATTEMPTS)
    return out


def _by_account(rows: DeliveryQuerySet, lane: Lane, accounts: Collection[Any] | None) -> Counter[Any]:
    rows = rows.filter(lane.sharing)
    return (rows if accounts is None else rows.of_accounts(accounts)).count_by_account()


def _hand_out(
    due: DeliveryQuerySet, *, walk: Walk, limit: int, room: int, now: dt.datetime, lane: Lane, capped: bool = True
) -> list[Message]:
    cap = lane.cap if capped else None
    rows = due.filter(lane.rows).claimable().with_account_key()
    seen = [DueRow(*values) for values in rows.values_list(*NEEDED)[:limit]]
    deliveries = walk.take(seen, limit=limit, room=room, cap=cap, count=partial(_in_flight, lane, now=now))
    Delivery.objects.filter(pk__in=[delivery.key for delivery in deliveries]).update(
        wake_at=lost_at(now), queued_at=now, updated_at=now
    )
    return [Message(str(delivery.key), delivery.attempt, now) for delivery in deliveries]
