"""Webhook endpoints and their deliveries as JSON. The secret is no field of any row that is read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from django_report_scheduling.api.fields import Moment, Text, Texts
from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.api.webhooks.account_field import WebhookAccountField
from django_report_scheduling.choices import WEBHOOK_EVENTS
from django_report_scheduling.delivery.webhook.urls import MAX_LENGTH
from django_report_scheduling.models import Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.webhooks.secrets import WithSecret


class WebhookSerializer(StrictModelSerializer[WebhookEndpoint]):
    """An endpoint, without its secret."""

    account = WebhookAccountField(help_text=_("The customer who is told; cannot be changed."))
    account_name = serializers.CharField(source="account.name", read_only=True, help_text=_("Name of the account."))
    url = Text(max_length=MAX_LENGTH, help_text=_("HTTPS address that events are posted to."))
    events = Texts(
        max_length=len(WEBHOOK_EVENTS), help_text=_('What it is told of, e.g. ["report.succeeded", "report.failed"].')
    )
    active = serializers.BooleanField(read_only=True, help_text=_("Whether events go to it."))
    state_reason = serializers.CharField(
        source="get_state_reason_display", read_only=True, help_text=_("Why it is disabled, as a sentence.")
    )
    created_by = serializers.SerializerMethodField(help_text=_("Id of who set it up; null for the system."))

    class Meta:
        model = WebhookEndpoint
        fields: ClassVar = [
            "id",
            "account",
            "account_name",
            "url",
            "events",
            "description",
            "active",
            "state",
            "state_reason",
            "consecutive_failures",
            "previous_secret_expires_at",
            "created_by",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = ["state", "consecutive_failures", "previous_secret_expires_at"]

    def get_created_by(self, endpoint: WebhookEndpoint) -> str | None:
        """Return the key of the person."""
        return None if endpoint.created_by_id is None else str(endpoint.created_by_id)


class WebhookWithSecretSerializer(WebhookSerializer):
    """An endpoint that has just got a secret, which is shown this once."""

    secret = serializers.CharField(
        read_only=True,
        help_text=_("What messages are signed with, from now on. It is not shown again: store it."),
    )

    class Meta(WebhookSerializer.Meta):
        fields: ClassVar = [*WebhookSerializer.Meta.fields, "secret"]

    def to_representation(self, instance: WithSecret) -> dict[str, Any]:  # type: ignore[override]  # a row and what no row holds
        """Return both."""
        fields = WebhookSerializer(instance.endpoint, context=self.context).data
        return {**fields, "secret": instance.secret.reveal() if instance.secret else None}


class ChangedWebhookSerializer(WebhookWithSecretSerializer):
    """An endpoint after a change, which gives it a secret only together with another host."""

    secret = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text=_("A new secret, shown this once, where the URL names another host now; otherwise null."),
    )


class AttemptSerializer(StrictModelSerializer[DeliveryAttempt]):
    """One attempt; what the receiver said beyond its status is not kept."""

    class Meta:
        model = DeliveryAttempt
        fields: ClassVar = ["number", "at", "outcome", "answer", "duration_ms"]
        read_only_fields: ClassVar = fields


class WebhookDeliverySerializer(StrictModelSerializer[Delivery]):
    """One event for one endpoint, with its attempts."""

    report = serializers.CharField(
        source="report_id", allow_null=True, read_only=True, help_text=_("The report it is about, if any.")
    )
    next_attempt_at = Moment(
        source="wake_at", allow_null=True, read_only=True, help_text=_("When it is tried again; null once it is over.")
    )
    attempts = AttemptSerializer(many=True, read_only=True, help_text=_("What came of each attempt, oldest first."))

    class Meta:
        model = Delivery
        fields: ClassVar = [
            "id",
            "event",
            "report",
            "status",
            "attempt",
            "error_code",
            "error_message",
            "next_attempt_at",
            "sent_at",
            "created_at",
            "attempts",
        ]
        read_only_fields: ClassVar = fields
