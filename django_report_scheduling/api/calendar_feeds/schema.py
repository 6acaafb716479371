"""How the calendar feeds describe themselves (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_view

from django_report_scheduling.api.calendar_feeds import examples
from django_report_scheduling.api.calendar_feeds.serializers import CalendarFeedSerializer
from django_report_scheduling.api.schema.parts import NO_BODY, exemplify, location, operation

exemplify(CalendarFeedSerializer, "Acme", examples.ANSWERED, examples.SENT)

SEEING: Final[dict[str, Any]] = {"errors": (403,)}
"""The role may be lost while the request is on its way."""

described: Final = extend_schema_view(
    list=operation(summary="List calendar feeds", description="Your own calendar feeds."),
    create=operation(
        summary="Set up a calendar feed", parameters=[location(201, "Address of the feed in this API.")], **SEEING
    ),
    retrieve=operation(summary="Get a calendar feed"),
    destroy=operation(summary="Delete a calendar feed"),
    renew=operation(summary="Give it another address", responses={200: CalendarFeedSerializer}, **NO_BODY),
)
