"""The account that a row belongs to: chosen once, by somebody who manages it, or who sees it where that is enough."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from django_report_scheduling.access.roles import accounts_managed_by, accounts_visible_to
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.api.keys import key_of
from django_report_scheduling.api.permissions import IsAccountManagerForAccount, person
from django_report_scheduling.models import AbstractAccount


@extend_schema_field(OpenApiTypes.STR)
class AccountField(serializers.Field[Any, Any, str, Any]):
    """Reads the key of an account that the person manages; writes it as a string.

    It stands first among the fields, so that whoever may not write learns nothing of what would be wrong with the rest.
    """

    default_error_messages: ClassVar = {
        "unknown": _("There is no such account, or you may not see it."),
        "fixed": _("A schedule stays with its account. Leave this out, or set up another schedule."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """Return the account.

        :raises ValidationError: there is none that the person may see; or it is not the one the row has.
        :raises PermissionDenied: they see it, but do not manage it.
        """
        key = self._key(data)
        row: Any = self.parent.instance
        if row is not None:
            return row.account if key == row.account_id else self.fail("fixed")
        user = person(self.context["request"])
        account = accounts_visible_to(user).filter(pk=key).first()
        if account is None:
            self.fail("unknown")
        self.require_role(user, account)
        return account

    def require_role(self, user: AbstractUser, account: AbstractAccount) -> None:
        """Make sure that somebody who sees the account may choose it.

        :raises PermissionDenied: they do not manage it.
        """
        if not accounts_managed_by(user).filter(pk=account.pk).exists():
            raise PermissionDenied(IsAccountManagerForAccount.message)

    def to_representation(self, value: AbstractAccount) -> str:
        """Return the key."""
        return str(value.pk)

    def _key(self, data: Any) -> Any:
        try:
            return key_of(get_account_model()._meta.pk, data)
        except ValidationError:
            self.fail("unknown")


@extend_schema_field(OpenApiTypes.STR)
class VisibleAccountField(AccountField):
    """The same for what somebody keeps for themselves of any account whose reports they may see."""

    def require_role(self, user: AbstractUser, account: AbstractAccount) -> None:
        """Let whoever sees the account choose it."""
