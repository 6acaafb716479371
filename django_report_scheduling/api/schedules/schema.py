"""How the schedules describe themselves (OpenAPI)."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter, extend_schema_view

from django_report_scheduling.api.reports.serializers import ReportSerializer
from django_report_scheduling.api.schedules import examples
from django_report_scheduling.api.schedules.serializers import ReportScheduleSerializer
from django_report_scheduling.api.schedules.timeline import TimelineEventSerializer
from django_report_scheduling.api.schedules.upcoming import COUNT, MOST, NextRunsSerializer
from django_report_scheduling.api.schema.parts import IDEMPOTENCY_KEY, NO_BODY, exemplify, location, operation

exemplify(ReportScheduleSerializer, "Every Monday", examples.ANSWERED, examples.SENT)
exemplify(NextRunsSerializer, "Next Monday", examples.NEXT_RUNS)
exemplify(TimelineEventSerializer, "Set up", examples.EVENT)

RUN_NUMBER: Final = OpenApiParameter(
    "count", {"type": "integer", "minimum": 1, "maximum": MOST, "default": COUNT}, description="How many."
)
ASKED_FOR: Final = [IDEMPOTENCY_KEY, location(202, "Address of the report.")]

described: Final = extend_schema_view(
    list=operation(summary="List schedules", description="The schedules of the accounts whose reports you may see."),
    create=operation(summary="Set up a schedule", parameters=[location(201, "Address of the schedule.")]),
    retrieve=operation(summary="Get a schedule"),
    partial_update=operation(summary="Change a schedule"),
    destroy=operation(summary="Delete a schedule"),
    run=operation(summary="Run it now", responses={202: ReportSerializer}, parameters=ASKED_FOR, **NO_BODY),
    preview=operation(summary="Get a preview", responses={202: ReportSerializer}, parameters=ASKED_FOR, **NO_BODY),
    pause=operation(summary="Pause a schedule", responses={200: ReportScheduleSerializer}, **NO_BODY),
    resume=operation(summary="Resume a schedule", responses={200: ReportScheduleSerializer}, **NO_BODY),
    next_runs=operation(summary="List the next runs", parameters=[RUN_NUMBER]),
    timeline=operation(summary="See why it ran, or not", responses=TimelineEventSerializer(many=True), filters=False),
)
