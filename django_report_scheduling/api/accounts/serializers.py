"""Accounts as JSON: what a page that sets up schedules has to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_report_scheduling.access.roles import is_administrator
from django_report_scheduling.access.visibility import managed_among
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.api.permissions import person
from django_report_scheduling.choices import Role
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AbstractAccount
from django_report_scheduling.services.schedule_limit import numbers_of_schedules

ADMINISTRATOR: Final = "admin"
ROLES: Final = [*Role.choices, (ADMINISTRATOR, _("Administrator"))]


class AccountSerializer(serializers.ModelSerializer[AbstractAccount]):
    """An account, what the person is to it, and how many schedules it has. Read only."""

    id = serializers.CharField(source="pk", read_only=True, help_text=_("Key of the account."))
    role = serializers.SerializerMethodField(help_text=_("What you are to the account."))
    schedules = serializers.SerializerMethodField(help_text=_("How many schedules it has that have not ended."))
    max_schedules = serializers.SerializerMethodField(help_text=_("How many it may have."))

    class Meta:
        model = get_account_model()
        fields: ClassVar = ["id", "name", "slug", "active", "locale", "role", "schedules", "max_schedules"]
        read_only_fields: ClassVar = ["name", "slug", "active", "locale"]

    @extend_schema_field(serializers.ChoiceField(choices=ROLES))
    def get_role(self, account: AbstractAccount) -> str:
        """Return the role, the mightiest where there are several."""
        if is_administrator(person(self.context["request"])):
            return ADMINISTRATOR
        return str(Role.ACCOUNT_MANAGER if account.pk in self._managed else Role.CLIENT)

    def get_schedules(self, account: AbstractAccount) -> int:
        """Return the number of schedules that count against the limit."""
        return self._numbers.get(account.pk, 0)

    def get_max_schedules(self, account: AbstractAccount) -> int:  # noqa: ARG002  # the framework's signature
        """Return the limit."""
        return conf.MAX_SCHEDULES_PER_ACCOUNT

    @cached_property
    def _managed(self) -> frozenset[Any]:
        return managed_among(person(self.context["request"]), self._page)

    @cached_property
    def _numbers(self) -> Mapping[Any, int]:
        return numbers_of_schedules(self._page)

    @property
    def _page(self) -> list[Any]:
        """Keys of all accounts that are shown, so that each question is asked once for a whole page."""
        parent: Any = self.parent
        shown = self.instance if parent is None else parent.instance
        return [shown.pk] if isinstance(shown, AbstractAccount) else [account.pk for account in shown or []]
