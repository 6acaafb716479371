"""What people can do with an endpoint, beside changing it, and see of what it was told."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.empty_bodies import require_empty
from django_report_scheduling.api.pagination import Pages
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.webhooks.serializers import (
    WebhookDeliverySerializer,
    WebhookWithSecretSerializer,
)
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.models.delivery import WEBHOOK, DeliveryQuerySet
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.webhooks.pings import ping_webhook
from django_report_scheduling.services.webhooks.replays import replay_delivery
from django_report_scheduling.services.webhooks.secrets import WithSecret, rotate_secret
from django_report_scheduling.services.webhooks.states import reactivate_webhook
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_deliveries_to


class WebhookActions(ApiViewSet):
    """Ping, rotate the secret, reactivate, look at deliveries and replay one."""

    @action(detail=True, methods=["post"], serializer_class=WebhookDeliverySerializer)
    def ping(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Send a test event; an endpoint that waits for its first answer becomes active when it gives one."""
        endpoint = self._asked_for(request)
        ping = ping_webhook(webhook_id=endpoint.pk, actor=person(request), now=database_now())
        return self._accepted(endpoint, ping)

    @action(detail=True, methods=["post"], url_path="rotate-secret", serializer_class=WebhookWithSecretSerializer)
    def rotate_secret(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Give the endpoint a new secret, shown this once; the one before signs too for another day."""
        endpoint = self._asked_for(request)
        rotated = rotate_secret(webhook_id=endpoint.pk, actor=person(request), now=database_now())
        return self.with_secret(rotated)

    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Let a disabled endpoint go on once it has answered a ping. Takes an administrator."""
        endpoint = self._asked_for(request)
        reactivated = reactivate_webhook(webhook_id=endpoint.pk, actor=person(request), now=database_now())
        dispatch_deliveries_to(endpoint.pk, patience=BRIEF)
        return Response(self.get_serializer(reactivated).data)

    @action(detail=True, serializer_class=WebhookDeliverySerializer)
    def deliveries(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """List what the endpoint was told, with every attempt."""
        endpoint = self.get_object()
        require_known(request, Pages.query_parameters)
        page = self.paginate_queryset(_log_of(endpoint))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(
        detail=True,
        methods=["post"],
        url_path=r"deliveries/(?P<delivery>[^/]+)/replay",
        serializer_class=WebhookDeliverySerializer,
    )
    def replay(self, request: Request, pk: str, delivery: str) -> Response:  # noqa: ARG002  # as above
        """Send one event once more, with the same id, whether or not it arrived."""
        endpoint = self._asked_for(request)
        found = get_object_or_404(_log_of(endpoint), pk=delivery)
        replayed = replay_delivery(
            webhook_id=endpoint.pk, delivery_id=found.pk, actor=person(request), now=database_now()
        )
        return self._accepted(endpoint, replayed)

    def with_secret(
        self,
        found: WithSecret,
        serializer: type[WebhookWithSecretSerializer] = WebhookWithSecretSerializer,
        **options: Any,
    ) -> Response:
        """Answer with an endpoint and the secret that it has just got; nobody on the way may keep a copy."""
        shown: Any = found
        answer = Response(serializer(shown, context=self.get_serializer_context()).data, **options)
        answer["Cache-Control"] = "no-store"
        return answer

    def _accepted(self, endpoint: WebhookEndpoint, delivery: Delivery) -> Response:
        dispatch_deliveries_to(endpoint.pk, patience=BRIEF)
        return Response(self.get_serializer(delivery).data, status=status.HTTP_202_ACCEPTED)

    def _asked_for(self, request: Request) -> WebhookEndpoint:
        endpoint: WebhookEndpoint = self.get_object()
        require_known(request, ())
        require_empty(request)
        return endpoint


def _log_of(endpoint: WebhookEndpoint) -> DeliveryQuerySet:
    return Delivery.objects.filter(webhook=endpoint, channel=WEBHOOK).prefetch_related("attempts")
