"""Addresses: list them, and have the person at one asked again."""

from __future__ import annotations

from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from django_report_scheduling.access.visibility import manageable_consents
from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.empty_bodies import require_empty
from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.query_strings import require_known
from django_report_scheduling.api.recipients.filters import RecipientFilter
from django_report_scheduling.api.recipients.schema import described
from django_report_scheduling.api.recipients.serializers import RecipientSerializer
from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.recipients.asking import ask_recipient


@described
class RecipientViewSet(ListModelMixin, ApiViewSet):
    """The addresses of the accounts that somebody manages."""

    queryset = RecipientConsent.objects.none()
    serializer_class = RecipientSerializer
    filter_backends = (StrictFilters,)
    filterset_class = RecipientFilter

    def get_queryset(self) -> LockingQuerySet[RecipientConsent]:
        """Return what the person manages; everything else is not found, also by those who may see the reports."""
        return manageable_consents(person(self.request)).select_related("account")

    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str) -> Response:  # noqa: ARG002  # read by get_object
        """Have the person asked by mail whether they want the reports.

        Whoever has unsubscribed, or whose mailbox refused a mail, receives nothing until they have followed the link of
        such a mail. An address gets few of them, from however many accounts; the answer does not tell whether one went
        out.
        """
        consent: RecipientConsent = self.get_object()
        require_known(request, ())
        require_empty(request)
        asked = ask_recipient(consent_id=consent.pk, actor=person(request), now=database_now())
        return Response(self.get_serializer(asked).data, status=status.HTTP_202_ACCEPTED)
