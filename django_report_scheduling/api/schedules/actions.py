"""What people can do with a schedule, beside changing it."""

from __future__ import annotations

from typing import Any, cast

from django.urls import ResolverMatch
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.empty_bodies import require_empty
from django_report_scheduling.api.idempotency_keys import idempotency_key
from django_report_scheduling.api.permissions import IsAccountManagerForAccount, person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.reports.rows import shown_reports
from django_report_scheduling.api.reports.serializers import ReportSerializer
from django_report_scheduling.choices import ScheduleState, Trigger
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.report_requests import run_now
from django_report_scheduling.services.schedule_states import pause_schedule, reactivate_schedule, resume_schedule
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_report

FOR_MANAGERS: Any = {"permission_classes": (IsAccountManagerForAccount,)}


class ScheduleActions(ApiViewSet):
    """Run, preview, pause and resume."""

    @action(detail=True, methods=["post"], serializer_class=ReportSerializer, **FOR_MANAGERS)
    def run(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Make a report of the newest complete period now; the next run stays when it is.

        With an `Idempotency-Key`, who asks again gets the report of the first time.
        """
        return self._run(request, Trigger.MANUAL)

    @action(detail=True, methods=["post"], serializer_class=ReportSerializer, **FOR_MANAGERS)
    def preview(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Make a report as a run does, marked as a preview, which only you see and get.

        With an `Idempotency-Key`, who asks again gets the preview of the first time.
        """
        return self._run(request, Trigger.PREVIEW)

    @action(detail=True, methods=["post"], **FOR_MANAGERS)
    def pause(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Stop a schedule from running until it is resumed."""
        schedule = self._asked_for(request)
        paused = pause_schedule(schedule_id=schedule.pk, actor=person(request), now=database_now())
        return Response(self.get_serializer(paused).data)

    @action(detail=True, methods=["post"], **FOR_MANAGERS)
    def resume(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Let a paused schedule go on with its next slot; one that errors stopped takes an administrator."""
        schedule = self._asked_for(request)
        go_on = reactivate_schedule if schedule.state == ScheduleState.ERRORED else resume_schedule
        resumed = go_on(schedule_id=schedule.pk, actor=person(request), now=database_now())
        return Response(self.get_serializer(resumed).data)

    def _run(self, request: Request, trigger: Trigger) -> Response:
        schedule, key = self._asked_for(request), idempotency_key(request)
        user = person(request)
        report = run_now(schedule=schedule, actor=user, now=database_now(), trigger=trigger, idempotency_key=key)
        dispatch_report(report.pk, patience=BRIEF)
        shown = shown_reports(user).fresh().get(pk=report.pk)
        mounted_as = cast("ResolverMatch", request.resolver_match).namespace
        location = reverse(f"{mounted_as}:report-detail", args=[report.pk], request=request)
        answer = self.get_serializer(shown).data
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": location})

    def _asked_for(self, request: Request) -> ReportSchedule:
        schedule: ReportSchedule = self.get_object()
        require_known(request, ())
        require_empty(request)
        return schedule
