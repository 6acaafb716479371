"""Staff see the rows of the accounts that they have a role on; administrators see all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.models import AbstractUser
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from django_report_scheduling.access.roles import accounts_managed_by
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.models import AbstractAccount

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = object


def acting(request: HttpRequest) -> AbstractUser:
    """Return the person at the browser; the admin lets in nobody else."""
    return cast("AbstractUser", request.user)


class AccountScopeMixin(ModelAdmin):
    """Lists, single pages, actions and choices know no account but those of the person at the browser."""

    account_path = "account__in"
    """Lookup from a row to its account."""

    def accounts_of(self, request: HttpRequest) -> QuerySet[AbstractAccount]:
        """Return the accounts whose rows the person sees."""
        return accounts_managed_by(acting(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out the rows of other accounts."""
        return super().get_queryset(request).filter(**{self.account_path: self.accounts_of(request).values("pk")})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Offer no other accounts."""
        if db_field.related_model is get_account_model():
            kwargs["queryset"] = self.accounts_of(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
