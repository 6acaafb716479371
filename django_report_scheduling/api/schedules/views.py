"""Schedules: list, set up, change and delete."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.access.visibility import visible_schedules, with_management
from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import IsAccountManagerForAccount, person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.schedules.actions import ScheduleActions
from django_report_scheduling.api.schedules.filters import ReportScheduleFilter
from django_report_scheduling.api.schedules.schema import described
from django_report_scheduling.api.schedules.serializers import ReportScheduleSerializer
from django_report_scheduling.api.schedules.timeline import ScheduleTimeline
from django_report_scheduling.api.schedules.upcoming import ScheduleUpcoming
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.models.schedule import ReportScheduleQuerySet
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.schedules import create_schedule, delete_schedule, update_schedule


@described
class ReportScheduleViewSet(ScheduleActions, ScheduleUpcoming, ScheduleTimeline, ListModelMixin, RetrieveModelMixin):
    """The schedules of the accounts that somebody may see."""

    queryset = ReportSchedule.objects.none()
    serializer_class = ReportScheduleSerializer
    filter_backends = (StrictFilters,)
    filterset_class = ReportScheduleFilter

    def get_queryset(self) -> ReportScheduleQuerySet:
        """Return what the person may see; everything else is not found."""
        user = person(self.request)
        return with_management(visible_schedules(user), user).select_related("account")

    def get_permissions(self) -> list[Any]:
        """Whoever sees a schedule may read it; whatever changes it takes somebody who manages the account."""
        reads = self.request.method in SAFE_METHODS or self.action is None
        return [*super().get_permissions()] if reads else [IsAccountManagerForAccount()]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one schedule."""
        require_known(request, ())
        return super().retrieve(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Set a schedule up."""
        require_known(request, ())
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        schedule = create_schedule(actor=person(request), now=database_now(), **serializer.validated_data)
        location = self.reverse_action("detail", args=[schedule.pk])
        answer = self.get_serializer(schedule).data
        return Response(answer, status=status.HTTP_201_CREATED, headers={"Location": location})

    def partial_update(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Change a schedule; a change of its timing plans its next run anew."""
        require_known(request, ())
        schedule = self.get_object()
        serializer = self.get_serializer(schedule, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changes = {name: value for name, value in serializer.validated_data.items() if name != "account"}
        updated = update_schedule(schedule_id=schedule.pk, actor=person(request), now=database_now(), **changes)
        return Response(self.get_serializer(updated).data)

    def destroy(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Delete a schedule; its finished reports stay."""
        require_known(request, ())
        delete_schedule(schedule_id=self.get_object().pk, actor=person(request), now=database_now())
        return Response(status=status.HTTP_204_NO_CONTENT)
