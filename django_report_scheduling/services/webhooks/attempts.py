"""What came of an attempt at a webhook: written down, and counted for or against its endpoint."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Self

from django.db.models import F

from django_report_scheduling.choices import DeliveryStatus, Event, WebhookState, WebhookStop
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import Receipt
from django_report_scheduling.exceptions import ReceiverFailed
from django_report_scheduling.models import Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.webhooks.states import confirm_webhook, stop_webhook

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """How one attempt ended, and how long it took.

    :param outcome: code of a fixed set.
    :param answer: HTTP status of the answer, where there was one.
    :param duration: seconds.
    :param our_fault: it says nothing about the receiver.
    :param gone: the receiver wants nothing more, ever.
    """

    outcome: str
    duration: float
    answer: int | None = None
    our_fault: bool = False
    gone: bool = False

    @classmethod
    def succeeded(cls, receipt: Receipt | None, *, duration: float) -> Self:
        """Build what a channel's receipt says."""
        known = receipt or Receipt()
        return cls(outcome=known.outcome, answer=known.answer, duration=duration)

    @classmethod
    def failed(cls, error: Exception, *, duration: float) -> Self:
        """Build what an error says; one that is none of the receiver's is our own fault."""
        if not isinstance(error, ReceiverFailed):
            return cls(outcome="internal", duration=duration, our_fault=True)
        return cls(
            outcome=error.outcome,
            answer=error.answer,
            duration=duration,
            our_fault=error.our_fault,
            gone=error.gone,
        )


def log_attempt(delivery: Delivery, attempt: Attempt, *, now: dt.datetime) -> None:
    """Write down an attempt, inside the transaction that writes what became of the delivery."""
    milliseconds = round(attempt.duration * 1000)
    DeliveryAttempt.objects.create(
        delivery=delivery,
        number=delivery.attempt,
        at=now,
        outcome=attempt.outcome,
        answer=attempt.answer,
        duration_ms=milliseconds,
    )
    logger.log(
        logging.ERROR if attempt.our_fault else logging.INFO,
        "Webhook %s: %s, attempt %s: %s (%s) after %s ms.",
        delivery.webhook_id, delivery.event, delivery.attempt, attempt.outcome, attempt.answer, milliseconds,
    )  # fmt: skip


def settle(delivery: Delivery, status: DeliveryStatus, attempt: Attempt, *, failures: int, now: dt.datetime) -> None:
    """Draw the conclusions from a delivery that has come to its end, in the same transaction.

    A ping never counts, so that somebody who asks for many can neither stop an endpoint nor keep a failing one alive.

    :param failures: what the endpoint has had in a row, as read under the lock that the caller holds.
    """
    endpoint, is_ping = delivery.webhook, delivery.event == Event.WEBHOOK_PING
    assert endpoint is not None  # noqa: S101  # a constraint of the database
    if status == DeliveryStatus.SENT and is_ping:
        confirm_webhook(endpoint.pk, url=endpoint.url, now=now)
    elif status == DeliveryStatus.SENT:
        if failures:
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(consecutive_failures=0, updated_at=now)
    elif attempt.gone:
        stop_webhook(endpoint.pk, url=endpoint.url, reason=WebhookStop.GONE, now=now)
    elif status == DeliveryStatus.FAILED and not attempt.our_fault and not is_ping:
        _count_failure(endpoint, now=now)


def _count_failure(endpoint: WebhookEndpoint, *, now: dt.datetime) -> None:
    # Not where it has got another URL since: that one has not failed.
    active = WebhookEndpoint.objects.filter(pk=endpoint.pk, url=endpoint.url, state=WebhookState.ACTIVE)
    if active.update(consecutive_failures=F("consecutive_failures") + 1, updated_at=now):
        most = conf.WEBHOOK_MAX_CONSECUTIVE_FAILURES
        stop_webhook(endpoint.pk, url=endpoint.url, reason=WebhookStop.FAILURES, now=now, at_least=most)
