"""The order in which rows are locked: a webhook endpoint before its deliveries, everywhere."""

from __future__ import annotations

from django_report_scheduling.models import Delivery, WebhookEndpoint


def hold_webhook_of(delivery: Delivery) -> int:
    """Lock the endpoint that a delivery goes to until the end of the caller's transaction; nothing for others.

    So those who count at the same moment count one after the other, and nobody who disables or deletes the endpoint
    waits for somebody who waits for them.

    :returns: how many failures in a row it has, which nobody else changes now; 0 where there is none.
    """
    if delivery.webhook_id is None:
        return 0
    rows = WebhookEndpoint.objects.filter(pk=delivery.webhook_id).locked()
    return next(iter(rows.values_list("consecutive_failures", flat=True)), 0)
