"""Webhooks: signed events to https addresses of customers, without becoming anybody's way into a private network.

Plain values only: no models, no tasks. Needs the extra ``webhooks``, whose libraries are loaded when they are used.
Channels of a host send through the same client.
"""

from __future__ import annotations

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.outcome import Outcome, OutcomeCode
from django_report_scheduling.delivery.webhook.urls import check_url

__all__ = ["Outcome", "OutcomeCode", "WebhookClient", "check_url"]
