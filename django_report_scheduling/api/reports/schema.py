"""How the reports describe themselves (OpenAPI)."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema_view

from django_report_scheduling.api.reports import examples
from django_report_scheduling.api.reports.serializers import (
    DeliverySerializer,
    RedeliverySerializer,
    ReportSerializer,
)
from django_report_scheduling.api.schema.parts import NO_BODY, exemplify, location, operation

exemplify(ReportSerializer, "Last week", examples.REPORT)
exemplify(DeliverySerializer, "Sent", examples.DELIVERY)
exemplify(RedeliverySerializer, "One", examples.REDELIVERY)

FORMAT: Final = OpenApiParameter(
    "format",
    str,
    description="Which of its files; may be left out where it has one.",
    examples=[OpenApiExample("PDF", "pdf")],
)
ON_THE_WAY: Final = OpenApiResponse(description="The file is at `Location`, for a while, without logging in.")

described: Final = extend_schema_view(
    list=operation(summary="List reports", description="The reports of the accounts that you may see."),
    retrieve=operation(summary="Get a report"),
    download=operation(
        summary="Download a file",
        responses={302: ON_THE_WAY},
        parameters=[FORMAT, location(302, "Signed address of the file; whoever has it has the file.")],
        errors=[409, 503],
    ),
    retry=operation(
        summary="Make it again", responses={202: ReportSerializer}, **NO_BODY | {"errors": [413, 415, 503]}
    ),
    cancel=operation(summary="Cancel a report", responses={200: ReportSerializer}, **NO_BODY),
    redeliver=operation(summary="Send it again", responses={202: RedeliverySerializer}, **NO_BODY),
    deliveries=operation(summary="List the deliveries", responses=DeliverySerializer(many=True), filters=False),
)
