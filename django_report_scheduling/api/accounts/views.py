"""The accounts that somebody may see."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.mixins import ListModelMixin

from django_report_scheduling.access.roles import accounts_visible_to
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.api.accounts.schema import described
from django_report_scheduling.api.accounts.serializers import AccountSerializer
from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.filters import StrictFilters
from django_report_scheduling.api.permissions import person
from django_report_scheduling.models import AbstractAccount


@described
class AccountViewSet(ListModelMixin, ApiViewSet):
    """The accounts whose reports somebody may see, with their role."""

    queryset = get_account_model()._default_manager.none()  # Django's documented way to the default manager
    serializer_class = AccountSerializer
    filter_backends = (StrictFilters,)

    def get_queryset(self) -> QuerySet[AbstractAccount]:
        """Return what the person may see."""
        return accounts_visible_to(person(self.request))
