"""Which report types there are. They are the host's, the same for everybody, and few: one answer holds them all."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.report_types.schema import described
from django_report_scheduling.api.report_types.serializers import ReportTypeSerializer
from django_report_scheduling.reports import registry


@described
class ReportTypeViewSet(ApiViewSet):
    """The registered report types with their parameters."""

    serializer_class = ReportTypeSerializer
    pagination_class = None  # type: ignore[assignment]  # the framework's way to say: no pages

    def list(self, request: Request) -> Response:
        """Return all report types, in order of their keys."""
        require_known(request, ())
        return Response({"results": self.get_serializer(list(registry), many=True).data})
