"""Reports: list, retrieve, and what can be done with them."""

from __future__ import annotations

from typing import Any

from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.reports.actions import ReportActions
from django_report_scheduling.api.reports.download import ReportDownload
from django_report_scheduling.api.reports.filters import ReportFilter
from django_report_scheduling.api.reports.rows import shown_reports
from django_report_scheduling.api.reports.schema import described
from django_report_scheduling.api.reports.serializers import ReportSerializer
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.models.report import GeneratedReportQuerySet


@described
class ReportViewSet(ReportActions, ReportDownload, ListModelMixin, RetrieveModelMixin):
    """The reports of the accounts that somebody may see; a preview only to whoever asked for it."""

    queryset = GeneratedReport.objects.none()
    serializer_class = ReportSerializer
    filter_backends = (StrictFilters,)
    filterset_class = ReportFilter

    def get_queryset(self) -> GeneratedReportQuerySet:
        """Return what the person may see; everything else is not found."""
        return shown_reports(person(self.request))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one report."""
        require_known(request, ())
        return super().retrieve(request, *args, **kwargs)
