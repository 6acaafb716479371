"""Webhook endpoints: list, set up, change and delete."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.access.visibility import manageable_webhooks
from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.webhooks.actions import WebhookActions
from django_report_scheduling.api.webhooks.filters import WebhookFilter
from django_report_scheduling.api.webhooks.schema import described
from django_report_scheduling.api.webhooks.serializers import ChangedWebhookSerializer, WebhookSerializer
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.models.webhook_endpoint import WebhookEndpointQuerySet
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.webhooks.endpoints import create_webhook, delete_webhook, update_webhook
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_deliveries_to


@described
class WebhookViewSet(WebhookActions, ListModelMixin, RetrieveModelMixin):
    """The webhook endpoints of the accounts that somebody manages."""

    queryset = WebhookEndpoint.objects.none()
    serializer_class = WebhookSerializer
    filter_backends = (StrictFilters,)
    filterset_class = WebhookFilter

    def get_queryset(self) -> WebhookEndpointQuerySet:
        """Return what the person manages; everything else is not found, also by those who may see the reports."""
        return manageable_webhooks(person(self.request)).select_related("account")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one endpoint."""
        require_known(request, ())
        return super().retrieve(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Set an endpoint up; the answer shows its secret, once. It waits until it has answered a ping."""
        require_known(request, ())
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        fields = {**serializer.validated_data}
        account = fields.pop("account")
        created = create_webhook(account_id=account.pk, actor=person(request), now=database_now(), **fields)
        dispatch_deliveries_to(created.endpoint.pk, patience=BRIEF)
        location = self.reverse_action("detail", args=[created.endpoint.pk])
        return self.with_secret(created, status=status.HTTP_201_CREATED, headers={"Location": location})

    def partial_update(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Change an endpoint. Another URL has to answer a ping; for another host the answer shows a fresh secret."""
        require_known(request, ())
        endpoint = self.get_object()
        serializer = self.get_serializer(endpoint, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changes = {name: value for name, value in serializer.validated_data.items() if name != "account"}
        updated = update_webhook(webhook_id=endpoint.pk, actor=person(request), now=database_now(), **changes)
        dispatch_deliveries_to(endpoint.pk, patience=BRIEF)
        return self.with_secret(updated, ChangedWebhookSerializer)

    def destroy(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Delete an endpoint; nothing more is sent to it."""
        require_known(request, ())
        delete_webhook(webhook_id=self.get_object().pk, actor=person(request), now=database_now())
        return Response(status=status.HTTP_204_NO_CONTENT)
