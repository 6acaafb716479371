"""Reading a delivery together with what has to be known before it may go out.

A webhook is read twice for each attempt, and there may be thousands: of it, only the columns that somebody looks at.
"""

from __future__ import annotations

from typing import Any, Final

from django_report_scheduling.models import Delivery
from django_report_scheduling.models.delivery import WEBHOOK, DeliveryQuerySet

_OTHERS: Final = (
    "report__account", "report__schedule", "report__requested_by", "webhook__account", "webhook__created_by",
    "consent__account",
)  # fmt: skip
_WEBHOOK: Final = ("report", "webhook__account")
_TO_CONFIRM: Final = (
    "channel", "event", "report", "schedule", "webhook",
    "report__account", "report__schedule",
    "webhook__account", "webhook__events", "webhook__state", "webhook__url",
    "webhook__account__active",
)  # fmt: skip
"""What is asked about a webhook right before it goes out."""
_TO_SEND: Final = (
    *_TO_CONFIRM, "attempt", "created_at", "failures", "payload", "target",
    "webhook__description", "webhook__secret", "webhook__previous_secret", "webhook__previous_secret_expires_at",
    "webhook__account__accent_color", "webhook__account__locale", "webhook__account__name",
    "webhook__account__number_format", "webhook__account__slug",
)  # fmt: skip
"""What its message is made of, too."""


def delivery_to_send(delivery_id: Any) -> Delivery:
    """Return a delivery with what a channel has to be told; of a webhook, the other fields are read when needed.

    :raises Delivery.DoesNotExist: there is no such delivery.
    """
    rows = Delivery.objects.fresh().filter(pk=delivery_id)
    return _webhook(rows, _TO_SEND) or rows.select_related(*_OTHERS).get()


def delivery_to_confirm(rows: DeliveryQuerySet, *, like: Delivery) -> Delivery | None:
    """Return the one of these rows that is the same delivery as it is now, with what decides whether it may go out."""
    rows = rows.fresh().filter(pk=like.pk)
    if like.channel == WEBHOOK:
        return _webhook(rows, _TO_CONFIRM)
    return rows.select_related(*_OTHERS).first()


def _webhook(rows: DeliveryQuerySet, columns: tuple[str, ...]) -> Delivery | None:
    # Not first(), which orders what is one row at most.
    return next(iter(rows.filter(channel=WEBHOOK).select_related(*_WEBHOOK).only(*columns)), None)
