"""A worker's hold on a delivery, by the same compare-and-set as on a report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.delivery_reading import delivery_to_send
from django_report_scheduling.services.short_transactions import short_transaction
from django_report_scheduling.services.webhooks.attempts import Attempt, log_attempt, settle
from django_report_scheduling.services.webhooks.locks import hold_webhook_of


def claim_delivery(*, delivery_id: Any, attempt: int, now: dt.datetime) -> Delivery | None:
    """Take a pending delivery, if it is still in the attempt that the message named."""
    with short_transaction():
        taken = Delivery.objects.filter(pk=delivery_id, status=DeliveryStatus.PENDING, attempt=attempt).update(
            status=DeliveryStatus.SENDING,
            attempt=attempt + 1,
            wake_at=now + dt.timedelta(seconds=conf.LEASE),
            updated_at=now,
        )
        if not taken:
            return None
        delivery = delivery_to_send(delivery_id)
        record("delivery.sending", delivery, at=now, data={"attempt": delivery.attempt})
    return delivery


def close_delivery(
    delivery: Delivery,
    status: DeliveryStatus,
    *,
    now: dt.datetime,
    code: ErrorCode | None = None,
    message: str = "",
    attempt: Attempt | None = None,
) -> bool:
    """Give a delivery its final state; returns whether the attempt was still the current one.

    A worker that was thought lost and comes back knowing that the message went out settles an ``unknown``.

    :param attempt: how it went, where the target is a webhook.
    """
    open_states = [DeliveryStatus.SENDING]
    if status == DeliveryStatus.SENT:
        open_states.append(DeliveryStatus.UNKNOWN)
    mine = Delivery.objects.filter(pk=delivery.pk, attempt=delivery.attempt, status__in=open_states)
    with short_transaction():
        failures = hold_webhook_of(delivery)
        closed = mine.update(
            status=status,
            wake_at=None,
            sent_at=now if status == DeliveryStatus.SENT else None,
            error_code=code or "",
            error_message=message,
            updated_at=now,
        )  # fmt: skip
        if closed:
            record(f"delivery.{status.value}", delivery, at=now, data={"code": code.value} if code else None)
            if attempt is not None:
                log_attempt(delivery, attempt, now=now)
                settle(delivery, status, attempt, failures=failures, now=now)
    return bool(closed)


def retry_delivery_later(
    delivery: Delivery,
    *,
    code: ErrorCode,
    message: str,
    now: dt.datetime,
    patience: float = 0.0,
    attempt: Attempt | None = None,
) -> DeliveryStatus:
    """Plan the next attempt at a delivery, or fail it when there is none left; returns its state.

    :param patience: seconds to wait at least.
    :param attempt: as for :func:`close_delivery`.
    """
    delays = _retry_delays(delivery.channel)
    failures = delivery.failures + 1
    with short_transaction():
        hold_webhook_of(delivery)
        held = Delivery.objects.filter(pk=delivery.pk).held(attempt=delivery.attempt)
        held.update(failures=F("failures") + 1, updated_at=now)
        if failures > len(delays):
            close_delivery(delivery, DeliveryStatus.FAILED, now=now, code=code, message=message, attempt=attempt)
            return DeliveryStatus.FAILED
        wake_at = now + dt.timedelta(seconds=max(delays[failures - 1], patience))
        planned = held.update(
            status=DeliveryStatus.PENDING, wake_at=wake_at, queued_at=None, error_code=code, error_message=message
        )
        if planned:
            record("delivery.retry_planned", delivery, at=now, data={"code": code.value, "at": wake_at.isoformat()})
            if attempt is not None:
                log_attempt(delivery, attempt, now=now)
    return DeliveryStatus.PENDING


def _retry_delays(channel: str) -> list[int]:
    try:
        return list(channels[channel].retry_delays)
    except ReportSchedulingError:  # it is not configured, or cannot be built, which may be mended meanwhile
        return list(conf.DELIVERY_RETRY_DELAYS)
