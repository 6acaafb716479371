"""People who call the API, each with one role on one account."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AbstractAccount
from tests.factories import UserFactory


def calling(user: Any) -> APIClient:
    """A client that is logged in, and is asked who it is with every request."""
    api = APIClient()
    api.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return api


def manager_of(account: AbstractAccount) -> Any:
    user = UserFactory()
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


def client_of(account: AbstractAccount, **fields: Any) -> Any:
    user = UserFactory(**fields)
    grant(account=account, holder=user, role=Role.CLIENT)
    return user
