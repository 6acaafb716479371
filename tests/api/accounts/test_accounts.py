"""GET accounts/: the accounts that somebody may see, and what they are to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role, ScheduleState
from tests.api.callers import calling, client_of, manager_of
from tests.factories import AccountFactory, ReportScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/accounts/"


def listed(user: Any) -> list[dict[str, Any]]:
    response = calling(user).get(URL)
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def test_an_account_tells_what_a_form_needs_and_nothing_of_its_settings(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "MAX_SCHEDULES_PER_ACCOUNT": 7}
    account = AccountFactory(locale="de-CH")
    AccountFactory()

    assert listed(client_of(account)) == [
        {
            "id": str(account.pk),
            "name": account.name,
            "slug": account.slug,
            "active": True,
            "locale": "de-CH",
            "role": "client",
            "schedules": 0,
            "max_schedules": 7,
        }
    ]


def test_each_row_tells_the_persons_role() -> None:
    seen, managed, through_group = AccountFactory.create_batch(3)
    user = client_of(seen)
    grant(account=managed, holder=user, role=Role.ACCOUNT_MANAGER)
    grant(account=through_group, holder=user.groups.create(name="Managers"), role=Role.ACCOUNT_MANAGER)

    assert {row["id"]: row["role"] for row in listed(user)} == {
        str(seen.pk): "client",
        str(managed.pk): "account_manager",
        str(through_group.pk): "account_manager",
    }


def test_administrators_see_all_as_such() -> None:
    account = AccountFactory()
    AccountFactory(active=False)
    administrator = UserFactory(is_superuser=True)
    grant(account=account, holder=administrator, role=Role.CLIENT)

    assert [(row["active"], row["role"]) for row in listed(administrator)] == [(False, "admin"), (True, "admin")]


def test_schedules_that_have_ended_do_not_count() -> None:
    account = AccountFactory()
    ReportScheduleFactory.create_batch(2, account=account)
    ReportScheduleFactory(account=account, state=ScheduleState.PAUSED)
    ReportScheduleFactory(account=account, state=ScheduleState.ENDED, next_run_at=None)
    ReportScheduleFactory()

    assert [row["schedules"] for row in listed(manager_of(account))] == [3]


@pytest.mark.parametrize("is_superuser", [False, True])
def test_the_number_of_queries_does_not_grow_with_the_rows(is_superuser: bool) -> None:
    user = UserFactory(is_superuser=is_superuser)

    def one_more() -> int:
        schedule = ReportScheduleFactory()
        grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)
        api = calling(user)
        with CaptureQueriesContext(connection) as asked:
            assert api.get(URL).status_code == 200
        return len(asked)

    with_one = one_more()
    assert {one_more() for _time in range(4)} == {with_one}


def test_a_person_without_a_role_sees_an_empty_list() -> None:
    AccountFactory()

    assert listed(UserFactory()) == []


@pytest.mark.parametrize("query", ["name=x", "page_size=0", "ordering=name", "search=a"])
def test_unknown_query_parameters_are_refused(query: str) -> None:
    response = calling(UserFactory()).get(f"{URL}?{query}")

    assert (response.status_code, list(response.json()["errors"])) == (400, [query.partition("=")[0]])


def test_it_is_read_only() -> None:
    assert calling(UserFactory(is_superuser=True)).post(URL, {}, format="json").status_code == 405


def test_it_needs_a_login() -> None:
    assert APIClient().get(URL).status_code == 401
