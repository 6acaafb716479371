"""Who may do what to the rows of an account, as permission classes; for the views of hosts too."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from django_report_scheduling.access.roles import accounts_managed_by, accounts_visible_to
from django_report_scheduling.accounts import get_account_model


def person(request: Request) -> AbstractUser:
    """Return who is asking, after a permission class has let them in."""
    return cast("AbstractUser", request.user)


class IsActivePerson(BasePermission):
    """Somebody who is logged in and has not been deactivated since."""

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  # the framework's signature
        """Whether the request comes from somebody."""
        user = request.user  # a host may have set UNAUTHENTICATED_USER to None
        return bool(getattr(user, "is_authenticated", False) and getattr(user, "is_active", False))


class IsClientForAccount(IsActivePerson):
    """Somebody who may see the reports of the object's account; administrators may see all.

    The object is an account, or has an ``account``. Filter the queryset first: this answers 403, which tells that the
    object exists.
    """

    message = _("You may not see the reports of this account.")

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:  # noqa: ARG002  # as above
        """Whether they may see it at this moment; nothing is remembered from earlier requests."""
        return accounts_visible_to(person(request)).filter(pk=account_key(obj)).exists()


class IsAccountManagerForAccount(IsActivePerson):
    """Somebody who manages the reports of the object's account; administrators manage all. As above otherwise."""

    message = _("You may see this, but only somebody who manages the account may do it.")

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:  # noqa: ARG002  # as above
        """Whether they manage it at this moment."""
        return accounts_managed_by(person(request)).filter(pk=account_key(obj)).exists()


def account_key(obj: Any) -> Any:
    """Return the primary key of the account that an object is, or belongs to."""
    return obj.pk if isinstance(obj, get_account_model()) else obj.account_id
