"""How the webhooks describe themselves (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema_view

from django_report_scheduling.api.schema.parts import exemplify, location, operation
from django_report_scheduling.api.webhooks import examples
from django_report_scheduling.api.webhooks.serializers import (
    ChangedWebhookSerializer,
    WebhookDeliverySerializer,
    WebhookSerializer,
    WebhookWithSecretSerializer,
)

exemplify(WebhookSerializer, "Billing", examples.ANSWERED, examples.SENT)
exemplify(WebhookWithSecretSerializer, "Billing", examples.WITH_SECRET)
exemplify(ChangedWebhookSerializer, "The same host", examples.CHANGED)
exemplify(WebhookDeliverySerializer, "To be tried again", examples.DELIVERY)

MANAGED: Final = (403,)
"""The role may be lost while the request is on its way, and reactivating takes more than it."""
PINGING: Final = (*MANAGED, 429)
"""Pings, and likewise replays, are counted for each account."""
NO_BODY: Final[dict[str, Any]] = {"request": None, "errors": [*MANAGED, 413, 415]}
COUNTED: Final[dict[str, Any]] = {"request": None, "errors": [*PINGING, 413, 415]}
DELIVERY: Final = OpenApiParameter(
    "delivery", OpenApiTypes.UUID, OpenApiParameter.PATH, description="One of the deliveries of this webhook."
)

described: Final = extend_schema_view(
    list=operation(summary="List webhooks", description="The webhooks of the accounts that you manage."),
    create=operation(
        summary="Set up a webhook",
        responses={201: WebhookWithSecretSerializer},
        parameters=[location(201, "Address of the webhook.")],
        errors=PINGING,
    ),
    retrieve=operation(summary="Get a webhook"),
    partial_update=operation(summary="Change a webhook", responses={200: ChangedWebhookSerializer}, errors=PINGING),
    destroy=operation(summary="Delete a webhook", errors=MANAGED),
    ping=operation(summary="Ping a webhook", responses={202: WebhookDeliverySerializer}, **COUNTED),
    rotate_secret=operation(summary="Replace its secret", responses={200: WebhookWithSecretSerializer}, **NO_BODY),
    reactivate=operation(summary="Reactivate a webhook", responses={200: WebhookSerializer}, **COUNTED),
    deliveries=operation(summary="List the deliveries", responses=WebhookDeliverySerializer(many=True), filters=False),
    replay=operation(
        summary="Tell it once more", responses={202: WebhookDeliverySerializer}, parameters=[DELIVERY], **COUNTED
    ),
)
