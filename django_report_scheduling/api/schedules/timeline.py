"""Why did this run, or not? The record of a schedule, in sentences."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.fields import Mapping
from django_report_scheduling.api.pagination import Pages
from django_report_scheduling.api.permissions import IsAccountManagerForAccount
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.models import AuditEvent
from django_report_scheduling.services.event_texts import event_details, event_text
from django_report_scheduling.services.timeline import timeline_of


class TimelineEventSerializer(StrictModelSerializer[AuditEvent]):
    """One thing that happened to a schedule, one of its reports or one of their deliveries."""

    text = serializers.SerializerMethodField(help_text=_("What happened, as a sentence."))
    actor = serializers.SerializerMethodField(help_text=_("User name of who did it; null for the system."))
    data = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field of this name, not the attribute
        help_text=_("Details of the sentence, as codes.")
    )

    class Meta:
        model = AuditEvent
        fields: ClassVar = ["id", "at", "verb", "text", "actor", "object_type", "object_id", "data"]
        read_only_fields: ClassVar = fields

    def get_text(self, event: AuditEvent) -> str:
        """Return the sentence."""
        return event_text(event)

    @extend_schema_field(Mapping())
    def get_data(self, event: AuditEvent) -> dict[str, Any]:
        """Return what the sentence was made of."""
        return event_details(event)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_actor(self, event: AuditEvent) -> str | None:
        """Return the user name."""
        return None if event.actor is None else event.actor.get_username()


class ScheduleTimeline(ApiViewSet):
    """The record of a schedule."""

    @action(detail=True, serializer_class=TimelineEventSerializer, permission_classes=(IsAccountManagerForAccount,))
    def timeline(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """List what happened to the schedule, its reports and their deliveries, newest first."""
        schedule = self.get_object()
        require_known(request, Pages.query_parameters)
        page = self.paginate_queryset(timeline_of(schedule))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
