"""The permission classes, as a host uses them in a view of its own."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from django_report_scheduling.access.roles import revoke
from django_report_scheduling.api.permissions import (
    IsAccountManagerForAccount,
    IsActivePerson,
    IsClientForAccount,
)
from django_report_scheduling.models import AbstractAccount
from tests.api.callers import client_of, manager_of
from tests.factories import AccountFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db


def status_of(permission: type, user: Any, obj: Any = None) -> int:
    """What a host's view answers that shows one object."""

    class View(APIView):
        authentication_classes = ()
        permission_classes = (permission,)

        def get(self, request: Request) -> Response:
            if obj is not None:
                self.check_object_permissions(request, obj)
            return Response()

    request = APIRequestFactory().get("/")
    if user is not None:
        force_authenticate(request, user)
    return View.as_view()(request).status_code


@pytest.fixture
def account() -> AbstractAccount:
    return AccountFactory()


@pytest.fixture(params=["account", "schedule", "report"])
def obj(request: pytest.FixtureRequest, account: AbstractAccount) -> Any:
    """The account, or something that belongs to it."""
    schedule = ReportScheduleFactory(account=account)
    return {"account": account, "schedule": schedule, "report": GeneratedReportFactory(schedule=schedule)}[
        request.param
    ]


@pytest.mark.parametrize(
    ("permission", "client", "manager"), [(IsClientForAccount, 200, 200), (IsAccountManagerForAccount, 403, 200)]
)
def test_each_role_opens_what_it_should(
    permission: type, client: int, manager: int, account: AbstractAccount, obj: Any
) -> None:
    assert status_of(permission, client_of(account), obj) == client
    assert status_of(permission, manager_of(account), obj) == manager
    assert status_of(permission, UserFactory(is_superuser=True), obj) == 200


@pytest.mark.parametrize("permission", [IsClientForAccount, IsAccountManagerForAccount])
def test_a_role_on_another_account_opens_nothing(permission: type, obj: Any) -> None:
    assert status_of(permission, manager_of(AccountFactory()), obj) == 403


@pytest.mark.parametrize("permission", [IsClientForAccount, IsAccountManagerForAccount])
def test_attack_093_a_role_that_is_taken_closes_with_the_next_request(
    permission: type, account: AbstractAccount, obj: Any
) -> None:
    user = manager_of(account)
    assert status_of(permission, user, obj) == 200

    revoke(account=account, holder=user)

    assert status_of(permission, user, obj) == 403


@pytest.mark.parametrize("permission", [IsActivePerson, IsClientForAccount, IsAccountManagerForAccount])
@pytest.mark.parametrize("nobody", [None, AnonymousUser()], ids=["no user", "anonymous"])
def test_nobody_in_particular_is_kept_out(permission: type, nobody: Any) -> None:
    assert status_of(permission, nobody) == 403


@pytest.mark.parametrize("permission", [IsActivePerson, IsClientForAccount, IsAccountManagerForAccount])
def test_attack_093_the_deactivated_are_kept_out_also_where_the_authentication_lets_them_in(permission: type) -> None:
    assert status_of(permission, UserFactory(is_active=False, is_superuser=True)) == 403


def test_a_user_set_to_none_by_the_host_is_kept_out(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "UNAUTHENTICATED_USER": None}

    assert status_of(IsActivePerson, None) == 403
