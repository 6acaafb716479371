"""``GET reports/{id}/download/``: on to a signed URL that expires."""

from __future__ import annotations

from typing import cast

from django.urls import ResolverMatch
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.file_responses import REDIRECT_HEADERS
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.download_urls import issue_download_url


class ReportDownload(ApiViewSet):
    """The download of a report that somebody may see; the viewset gives the queryset."""

    @action(detail=True)
    def download(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Answer with the way to a file of the report."""
        require_known(request, ("format",))
        url = issue_download_url(
            report=self.get_object(),
            format_name=request.query_params.get("format"),
            actor=person(request),
            # Whatever a proxy adds can be made up by whoever asks; the host decides what its server puts here.
            client_ip=request.META.get("REMOTE_ADDR", ""),
            now=database_now(),
            namespace=cast("ResolverMatch", request.resolver_match).namespace,
        )
        return Response(status=status.HTTP_302_FOUND, headers={**REDIRECT_HEADERS, "Location": url})
