"""Reading schedules: GET report-schedules/ and report-schedules/{id}/."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import PauseReason, Role, ScheduleState
from tests.api.callers import calling, client_of
from tests.factories import AccountFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "/api/v1/report-schedules/"


def listed(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    response = api.get(f"{URL}{query}")
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def test_the_list_has_the_own_accounts_schedules_newest_first(api: APIClient, account: Any) -> None:
    first, second = ReportScheduleFactory.create_batch(2, account=account)
    ReportScheduleFactory()

    assert [row["id"] for row in listed(api)] == [str(second.pk), str(first.pk)]


def test_one_is_as_in_the_list(api: APIClient, account: Any) -> None:
    schedule = ReportScheduleFactory(account=account)

    assert api.get(f"{URL}{schedule.pk}/").json() == listed(api)[0]


def test_every_field_of_the_contract_is_there(api: APIClient, account: Any) -> None:
    schedule = ReportScheduleFactory(account=account, created_by=UserFactory())

    shown = api.get(f"{URL}{schedule.pk}").json()

    assert {name: shown[name] for name in shown if name not in {"created_at", "updated_at"}} == {
        "id": str(schedule.pk),
        "account": str(account.pk),
        "account_name": account.name,
        "name": "Weekly summary",
        "report_type": "sample",
        "report_title": "Sample report",
        "parameters": {},
        "formats": ["json"],
        "frequency": "weekly",
        "day_of_week": 0,
        "day_of_month": None,
        "time_of_day": "08:00:00",
        "timezone": "Europe/Berlin",
        "recurrence": "",
        "starts_at": "2025-03-02T07:00:00Z",
        "ends_at": None,
        "recipients": ["client@customer.example"],
        "active": True,
        "state": "active",
        "state_reason": "",
        "misfire_policy": "latest",
        "misfire_grace": 3600,
        "next_run_at": "2026-03-02T07:00:00Z",
        "last_run_at": None,
        "consecutive_failures": 0,
        "created_by": str(schedule.created_by_id),
    }


def test_one_that_does_not_run_tells_why_and_has_no_next_run(api: APIClient, account: Any) -> None:
    schedule = ReportScheduleFactory(
        account=account, state=ScheduleState.PAUSED, state_reason=PauseReason.ACCOUNT_INACTIVE
    )

    shown = api.get(f"{URL}{schedule.pk}/").json()

    assert (shown["active"], shown["next_run_at"]) == (False, None)
    assert shown["state_reason"] == "The account is inactive."


def test_attack_086_hidden_missing_and_malformed_ids_are_answered_alike(api: APIClient) -> None:
    hidden = ReportScheduleFactory()

    answers = [
        api.get(f"{URL}{key}") for key in (hidden.pk, uuid.uuid4(), "7", "a.b", "%00", "é", "x" * 2000, hidden.pk.hex)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1


def test_nobody_in_particular_is_asked_to_log_in() -> None:
    schedule = ReportScheduleFactory()

    for url in (URL, f"{URL}{schedule.pk}/"):
        response = APIClient().get(url)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
        assert response["WWW-Authenticate"]


def test_put_is_not_a_method_of_a_schedule(api: APIClient, account: Any) -> None:
    response = api.put(f"{URL}{ReportScheduleFactory(account=account).pk}/", {}, format="json")

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


class TestClients:
    @pytest.fixture
    def shown(self, account: Any) -> dict[str, Any]:
        ReportScheduleFactory(
            account=account,
            created_by=UserFactory(),
            recipients=["boss@customer.example", "Me@customer.example", "other@customer.example"],
        )
        (row,) = listed(calling(client_of(account, email="me@customer.example")))
        return row

    def test_see_their_own_address_only(self, shown: dict[str, Any]) -> None:
        assert shown["recipients"] == ["Me@customer.example"]

    def test_do_not_see_the_owner(self, shown: dict[str, Any]) -> None:
        assert shown["created_by"] is None

    def test_without_an_address_see_none(self, account: Any) -> None:
        ReportScheduleFactory(account=account, recipients=["boss@customer.example"])

        assert listed(calling(client_of(account, email="")))[0]["recipients"] == []

    def test_see_all_of_an_account_that_they_manage_beside(self, account: Any) -> None:
        managed = ReportScheduleFactory()
        ReportScheduleFactory(account=account)
        user = client_of(account)
        grant(account=managed.account, holder=user, role=Role.ACCOUNT_MANAGER)

        assert [row["recipients"] for row in listed(calling(user))] == [[], ["client@customer.example"]]


@pytest.mark.parametrize("who", ["manager", "client", "administrator"])
def test_the_number_of_queries_does_not_grow_with_the_rows(account: Any, who: str) -> None:
    user = client_of(account) if who == "client" else UserFactory(is_superuser=who == "administrator")
    if who == "manager":
        grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    api = calling(user)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            listed(api)
        return len(asked)

    ReportScheduleFactory(account=account, created_by=UserFactory())
    with_one = queries()
    for other in AccountFactory.create_batch(5):
        grant(account=other, holder=user, role=Role.CLIENT)
        ReportScheduleFactory.create_batch(3, account=other, created_by=UserFactory())

    assert queries() == with_one
    assert len(listed(api)) == 16


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?state=paused", ["Paused"]),
            ("?frequency=weekly", ["Paused", "Weekly Summary"]),
            ("?report_type=sample", ["Paused", "Weekly Summary"]),
            ("?report_type=other", ["Daily"]),
            ("?report_type=gone", []),
            ("?search=SUMM", ["Weekly Summary"]),
            ("?search=%25", []),
            ("?search=_", []),
            ("?frequency=weekly&state=active", ["Weekly Summary"]),
            ("?ordering=created_at", ["Weekly Summary", "Daily", "Paused"]),
        ],
    )
    def test_all_have_to_hold(self, api: APIClient, account: Any, query: str, names: list[str]) -> None:
        ReportScheduleFactory(account=account, name="Weekly Summary")
        ReportScheduleFactory(account=account, name="Daily", frequency="daily", day_of_week=None, report_type="other")
        ReportScheduleFactory(account=account, name="Paused", state=ScheduleState.PAUSED)

        assert [row["name"] for row in listed(api, query)] == names

    def test_by_account(self, api: APIClient, manager: Any, account: Any) -> None:
        other = ReportScheduleFactory()
        grant(account=other.account, holder=manager, role=Role.CLIENT)
        ReportScheduleFactory(account=account)

        assert [row["id"] for row in listed(api, f"?account={other.account_id}")] == [str(other.pk)]

    def test_attack_087_a_foreign_account_and_none_are_answered_alike(self, api: APIClient) -> None:
        foreign = ReportScheduleFactory().account_id
        gone = AccountFactory()
        gone_key = gone.pk
        gone.delete()

        answers = {api.get(f"{URL}?account={key}").content for key in (foreign, gone_key)}

        assert answers == {b'{"next":null,"previous":null,"results":[]}'}

    @pytest.mark.parametrize(
        "query",
        [
            "state=gone",
            "state=",
            "search=",
            "frequency=hourly",
            "state=active&state=paused",
            "account=a",
            "account=",
            "account=1,2",
            "colour=red",
            "account__name=x",
            "account__owner__email__startswith=a",
            "name__regex=(a%2B)%2B",
            "created_by=1",
            f"search={'x' * 201}",
            f"report_type={'x' * 65}",
            "ordering=account__name",
            "page_size=0",
        ],
    )
    def test_attack_087_what_is_unknown_or_not_valid_is_refused(self, api: APIClient, query: str) -> None:
        response = api.get(f"{URL}?{query}")

        assert response.status_code == 400
        assert list(response.json()["errors"]) == [query.partition("=")[0]]

    def test_a_query_parameter_of_one_schedule_is_refused(self, api: APIClient, account: Any) -> None:
        response = api.get(f"{URL}{ReportScheduleFactory(account=account).pk}/?expand=account")

        assert list(response.json()["errors"]) == ["expand"]
