"""What people can do with a report, and see of its deliveries."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.access.recipients import is_same_address
from django_report_scheduling.access.visibility import managed_among
from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.empty_bodies import require_empty
from django_report_scheduling.api.pagination import Pages
from django_report_scheduling.api.permissions import IsAccountManagerForAccount, person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.reports.rows import shown_reports
from django_report_scheduling.api.reports.serializers import (
    DeliverySerializer,
    RedeliverySerializer,
    ReportSerializer,
)
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.models.delivery import DeliveryQuerySet
from django_report_scheduling.services.cancellation import cancel_report
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.report_requests import redeliver, retry_report
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_deliveries, dispatch_report

FOR_MANAGERS: Any = {"permission_classes": (IsAccountManagerForAccount,)}


class ReportActions(ApiViewSet):
    """Retry, cancel, redeliver, and the list of deliveries."""

    @action(detail=True, methods=["post"], **FOR_MANAGERS)
    def retry(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Make a report again that did not come to a good end, or whose files are gone; it stays the same row."""
        report = self._asked_for(request)
        retry_report(report_id=report.pk, actor=person(request), now=database_now())
        dispatch_report(report.pk, patience=BRIEF)
        return self._shown(report, status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"], **FOR_MANAGERS)
    def cancel(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Cancel a report that has not finished."""
        report = self._asked_for(request)
        cancel_report(report_id=report.pk, actor=person(request), now=database_now())
        return self._shown(report, status.HTTP_200_OK)

    @action(detail=True, methods=["post"], serializer_class=RedeliverySerializer, **FOR_MANAGERS)
    def redeliver(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """Send a report again to those who did not get it."""
        report = self._asked_for(request)
        number = redeliver(report_id=report.pk, actor=person(request), now=database_now())
        dispatch_deliveries(report.pk, patience=BRIEF)
        return Response(self.get_serializer({"deliveries": number}).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, serializer_class=DeliverySerializer)
    def deliveries(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # as above
        """List who got the report, and who did not and why; a client sees only what was meant for them."""
        report = self.get_object()
        require_known(request, Pages.query_parameters)
        page = self.paginate_queryset(self._deliveries_shown(report))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _asked_for(self, request: Request) -> GeneratedReport:
        report: GeneratedReport = self.get_object()
        require_known(request, ())
        require_empty(request)
        return report

    def _shown(self, report: GeneratedReport, status_code: int) -> Response:
        shown = shown_reports(person(self.request)).fresh().get(pk=report.pk)
        answer = ReportSerializer(shown, context=self.get_serializer_context())
        return Response(answer.data, status=status_code)

    def _deliveries_shown(self, report: GeneratedReport) -> DeliveryQuerySet:
        user, deliveries = person(self.request), Delivery.objects.filter(report=report)
        if managed_among(user, [report.account_id]):
            return deliveries
        # Without an address somebody is nobody's target; an empty one must not match anything.
        # Compared here: to a database other letters may be equal too.
        targets = deliveries.values_list("pk", "target") if user.email else ()
        return deliveries.filter(pk__in=[key for key, target in targets if is_same_address(target, user.email)])
