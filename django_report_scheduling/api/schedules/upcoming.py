"""When a schedule will run next."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.errors import InvalidInput
from django_report_scheduling.api.fields import Moment
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.upcoming_runs import UpcomingRun, upcoming_runs

COUNT: Final = 10
MOST: Final = 100


class NextRunSerializer(serializers.Serializer[UpcomingRun]):
    """A slot that has not run yet, and what its report will cover."""

    slot = Moment(read_only=True, help_text=_lazy("When it falls due, in UTC."))
    local = serializers.SerializerMethodField(
        help_text=_lazy("The same moment as the clocks of the schedule's zone show it, with their offset from UTC.")
    )
    period_start = Moment(source="period.start", read_only=True, help_text=_lazy("First moment of the period."))
    period_end = Moment(source="period.end", read_only=True, help_text=_lazy("First moment after the period."))

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_local(self, run: UpcomingRun) -> str:
        """Return the local time with its offset (RFC 3339)."""
        return run.local.isoformat()


class NextRunsSerializer(serializers.Serializer[Any]):
    """The next runs, soonest first."""

    results = NextRunSerializer(many=True, read_only=True)


class ScheduleUpcoming(ApiViewSet):
    """The next runs."""

    @action(
        detail=True,
        url_path="next-runs",
        url_name="next-runs",
        serializer_class=NextRunsSerializer,
        pagination_class=None,
    )
    def next_runs(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """List the next runs, soonest first; there are none unless the schedule is active."""
        schedule = self.get_object()
        require_known(request, ("count",))
        runs = upcoming_runs(schedule=schedule, now=database_now(), count=_count(request))
        return Response(self.get_serializer({"results": runs}).data)


def _count(request: Request) -> int:
    text = request.query_params.get("count", str(COUNT))
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) and 1 <= int(text) <= MOST:
        return int(text)
    raise InvalidInput({"count": [_("Give a number from 1 to %(most)d.") % {"most": MOST}]})
