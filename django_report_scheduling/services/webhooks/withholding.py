"""Whether a webhook, or somebody who is told about one, may still get what was meant for them."""

from __future__ import annotations

from django_report_scheduling.choices import Event, WebhookState
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.services.webhooks.notices import people_to_tell

SCHEDULE_GONE = "The schedule has been deleted."


def reason_against_webhook(delivery: Delivery) -> str:
    """Return why an endpoint must not be told this now, or an empty text."""
    endpoint = _endpoint(delivery)
    if not endpoint.account.active:
        return "The account is inactive."
    if endpoint.state == WebhookState.DISABLED:
        return "The webhook is disabled."
    if delivery.event == Event.WEBHOOK_PING:
        return ""
    if endpoint.state != WebhookState.ACTIVE:
        return "The webhook has not answered its ping yet."
    if delivery.event not in endpoint.events:
        return "The webhook does not want this event any more."
    return SCHEDULE_GONE if delivery.about_schedule_id is None else ""


def reason_against_notice(delivery: Delivery) -> str:
    """Return why somebody must not be told now that a webhook is disabled, or an empty text."""
    endpoint = _endpoint(delivery)
    if endpoint.state != WebhookState.DISABLED:
        return "The webhook goes on again."
    told = delivery.target in people_to_tell(endpoint)
    return "" if told else "No longer one of the people who are told about this webhook."


def _endpoint(delivery: Delivery) -> WebhookEndpoint:
    assert delivery.webhook is not None  # noqa: S101  # a constraint of the database
    return delivery.webhook
