"""From a delivery to the request that its endpoint gets: the same body and id each time, signed anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import DeliveryRequest, HttpMessage
from django_report_scheduling.delivery.webhook.canonical_json import canonical_json
from django_report_scheduling.delivery.webhook.signing import message_id, signed_headers
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.webhooks.secrets import signing_secrets


def webhook_request(delivery: Delivery, *, confirm: Callable[[], None], now: dt.datetime) -> DeliveryRequest:
    """Return what the channel is told, as plain values; the secrets stay here.

    :param confirm: as in :class:`DeliveryRequest`.
    :param now: the moment of this attempt, aware.
    :raises ReceiverFailed: a secret cannot be opened.
    """
    endpoint = delivery.webhook
    assert endpoint is not None  # noqa: S101  # a constraint of the database
    body = canonical_json(delivery.payload)
    headers = signed_headers(
        message_id=message_id(delivery.pk), now=now, body=body, secrets=signing_secrets(endpoint, now=now)
    )
    return DeliveryRequest(
        id=str(delivery.pk),
        event=Event(delivery.event),
        target=delivery.target,
        account=account_profile(endpoint.account, with_logo=False),
        title=str(endpoint),
        schedule_name="",
        period=None,
        files=(),
        created_at=delivery.created_at,
        confirm=confirm,
        message=HttpMessage(url=endpoint.url, body=body, headers=headers, now=now),
    )
