"""The two sides of the comparison, each over the same deliveries: the package, and a bare loop that only posts.

Both run in processes of their own, which are started once, so that nothing but the work is timed.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import django


class Span(NamedTuple):
    """When one process was at it, by a clock that all processes of the machine share; seconds."""

    began: float
    ended: float


Side = Callable[[Sequence[str]], Span]
"""Keys of deliveries → when it was done. All processes of a round start together."""


def set_up(barrier: Any) -> None:
    """Prepare a process."""
    django.setup()
    global _barrier  # noqa: PLW0603 - how a pool hands it to its processes
    _barrier = barrier


_barrier: Any = None


def ours(keys: Sequence[str]) -> Span:
    """Claim, confirm, sign, post, log and close each delivery, as a worker does."""
    from django_report_scheduling.services.clock import database_now  # noqa: PLC0415 - names models
    from django_report_scheduling.services.delivering import deliver  # noqa: PLC0415 - as above

    database_now()
    _barrier.wait()
    began = time.monotonic()
    for key in keys:
        status = deliver(delivery_id=key, attempt=0, clock=database_now)
        if status != "sent":
            msg = f"A delivery ended as {status}, so the time says nothing."
            raise RuntimeError(msg)
    return Span(began, time.monotonic())


def bare(keys: Sequence[str]) -> Span:
    """Sign and post what the same deliveries hold, which is read, as the secret is opened, before the clock starts."""
    from django_report_scheduling.delivery import channels  # noqa: PLC0415 - names models
    from django_report_scheduling.delivery.webhook.canonical_json import canonical_json  # noqa: PLC0415 - as above
    from django_report_scheduling.delivery.webhook.signing import message_id, signed_headers  # noqa: PLC0415 - as above
    from django_report_scheduling.models import Delivery  # noqa: PLC0415 - as above
    from django_report_scheduling.services.webhooks.secrets import signing_secrets  # noqa: PLC0415 - as above

    found = Delivery.objects.select_related("webhook").in_bulk(keys)
    deliveries = [found[key] for key in found]
    endpoint = deliveries[0].webhook
    secrets = signing_secrets(endpoint, now=dt.datetime.now(dt.UTC))
    client = channels["webhook"].client()  # type: ignore[attr-defined]
    _barrier.wait()
    began = time.monotonic()
    for delivery in deliveries:
        now = dt.datetime.now(dt.UTC)
        body = canonical_json(delivery.payload)
        headers = signed_headers(message_id=message_id(delivery.pk), now=now, body=body, secrets=secrets)
        if not client.post(endpoint.url, body=body, headers=headers, now=now).delivered:
            msg = "The receiver did not take a message, so the time says nothing."
            raise RuntimeError(msg)
    return Span(began, time.monotonic())
