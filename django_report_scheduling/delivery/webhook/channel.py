"""The webhook channel: one signed POST to the endpoint of a customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django_report_scheduling.choices import Event
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.base import DeliveryChannel, DeliveryRequest, Receipt
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.outcome import OUR_FAULTS, Outcome, OutcomeCode
from django_report_scheduling.delivery.webhook.own_hosts import own_hosts
from django_report_scheduling.delivery.webhook.refused_networks import refused_networks
from django_report_scheduling.delivery.webhook.urls import HTTPS_PORT, check_url
from django_report_scheduling.exceptions import DeliveryError, ReceiverFailed

PING_SECONDS: Final = 10
"""A ping may take no longer, so that it is a poor tool for finding out what listens where."""
GONE: Final = 410
PAUSES: Final = frozenset({429, 503})
"""Answers that may say how long to wait (RFC 6585 §4, RFC 9110 §15.6.4)."""


class WebhookChannel(DeliveryChannel):
    """Posts events by the Standard Webhooks specification 1.0; the receiver knows a repetition by its ``webhook-id``.

    :param ports: ports that an endpoint may have.
    :param nat64: whether this host reaches IPv4 through NAT64 (RFC 6052).
    :param also_refused: networks that no endpoint may be in although they are public, like ``203.0.113.0/24``.
    :raises ValueError: one of them is no network.
    """

    repeatable: ClassVar[bool] = True

    def __init__(
        self, *, ports: Sequence[int] = (HTTPS_PORT,), nat64: bool = False, also_refused: Sequence[str] = ()
    ) -> None:
        self._ports = tuple(ports)
        self._nat64 = nat64
        self._also_refused = refused_networks(also_refused)

    @property
    def retry_delays(self) -> Sequence[int]:
        """Seconds to wait before each retry."""
        return conf.WEBHOOK_RETRY_DELAYS

    def client(self) -> WebhookClient:
        """Return what sends the request; tests replace its resolver and dialer."""
        return WebhookClient(
            allowed_ports=self._ports, own_hosts=own_hosts(), also_refused=self._also_refused, nat64=self._nat64
        )

    def normalise_target(self, target: str) -> str:
        """Return a URL in its normal form.

        :raises InvalidWebhookUrl: no webhook may be there.
        """
        return check_url(target, allowed_ports=self._ports, own_hosts=own_hosts()).text

    def deliver(self, request: DeliveryRequest) -> Receipt:
        """Post the event once.

        :raises ReceiverFailed: the receiver did not take it, or we could not reach it.
        :raises DeliveryError: the request carries no message.
        :raises DeliveryWithheld: the endpoint must no longer be told.
        """
        message = request.message
        if message is None:
            text = "Only webhook endpoints are reached over this channel."
            raise DeliveryError(text, permanent=True)
        request.confirm()
        outcome = self.client().post(
            message.url,
            body=message.body,
            headers=message.headers,
            now=message.now,
            seconds=_seconds(request.event),
        )
        if not outcome.delivered:
            raise _failure(outcome)
        return Receipt(outcome=outcome.code.value, answer=outcome.status)


def _seconds(event: Event) -> float:
    # Well within the lease, so that nobody takes the delivery for lost and makes it again meanwhile.
    seconds = min(conf.WEBHOOK_TIMEOUT, conf.LEASE / 2)
    return min(seconds, PING_SECONDS) if event == Event.WEBHOOK_PING else seconds


def _failure(outcome: Outcome) -> ReceiverFailed:
    gone = outcome.status == GONE
    answered = outcome.code is OutcomeCode.HTTP_STATUS
    return ReceiverFailed(
        f"The receiver answered with {outcome.status}." if answered else f"{outcome.code.label}.",
        outcome=outcome.code.value,
        permanent=gone or outcome.code is OutcomeCode.URL_REFUSED,
        answer=outcome.status,
        retry_after=outcome.retry_after if outcome.status in PAUSES else None,
        our_fault=outcome.code in OUR_FAULTS,
        gone=gone,
    )
