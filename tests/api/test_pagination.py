"""Pages by position: complete, stable while rows come and go, and closed to forged cursors."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from django_report_scheduling.models import ReportSchedule
from tests.api.callers import calling, manager_of
from tests.factories import AccountFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/report-schedules/"


@pytest.fixture
def account() -> Any:
    return AccountFactory()


@pytest.fixture
def api(account: Any) -> APIClient:
    return calling(manager_of(account))


def keys(page: dict[str, Any]) -> list[str]:
    return [row["id"] for row in page["results"]]


def walk(api: APIClient, address: str | None, direction: str = "next") -> list[dict[str, Any]]:
    pages = []
    while address:
        pages.append(api.get(address).json())
        address = pages[-1][direction]
    return pages


@pytest.mark.parametrize("ordering", ["created_at", "-created_at"])
@pytest.mark.parametrize("rows", [0, 1, 3, 6, 7])
def test_every_row_is_on_exactly_one_page_forth_and_back(
    api: APIClient, account: Any, rows: int, ordering: str
) -> None:
    made = sorted(str(schedule.pk) for schedule in ReportScheduleFactory.create_batch(rows, account=account))
    expected = made if ordering == "created_at" else made[::-1]

    forth = walk(api, f"{URL}?page_size=3&ordering={ordering}")
    back = walk(api, forth[-1]["previous"], "previous")

    assert [key for page in forth for key in keys(page)] == expected
    assert [keys(page) for page in back] == [keys(page) for page in forth[-2::-1]]
    assert forth[0]["previous"] is None


def test_a_row_that_goes_while_somebody_reads_hides_no_other(api: APIClient, account: Any) -> None:
    first, second, third, fourth = ReportScheduleFactory.create_batch(4, account=account)
    page = api.get(f"{URL}?page_size=2").json()
    ReportSchedule.objects.filter(pk__in=[fourth.pk, third.pk]).delete()

    assert keys(api.get(page["next"]).json()) == [str(second.pk), str(first.pk)]


def test_a_row_that_comes_while_somebody_reads_shows_no_other_twice(api: APIClient, account: Any) -> None:
    first, *_others = ReportScheduleFactory.create_batch(3, account=account)
    page = api.get(f"{URL}?page_size=2").json()
    ReportScheduleFactory(account=account)

    assert keys(api.get(page["next"]).json()) == [str(first.pk)]


def test_filters_stay_in_the_addresses_of_the_other_pages(api: APIClient, account: Any) -> None:
    ReportScheduleFactory.create_batch(2, account=account, name="Weekly")
    ReportScheduleFactory(account=account, name="Other")

    assert [len(page["results"]) for page in walk(api, f"{URL}?page_size=1&search=weekly")] == [1, 1]


def test_no_page_counts_or_reads_past_itself(api: APIClient, account: Any) -> None:
    ReportScheduleFactory.create_batch(3, account=account)

    with CaptureQueriesContext(connection) as asked:
        api.get(f"{URL}?page_size=2")

    (listing,) = [query["sql"] for query in asked if "ORDER BY" in query["sql"] and "reportschedule" in query["sql"]]
    assert "LIMIT 3" in listing
    assert not any("COUNT(" in query["sql"] for query in asked)


class TestPageSize:
    @pytest.mark.parametrize(
        "text", ["0", "00", "-1", "", "1.0", "1e1", "abc", "%2B5", "%205", "１", "²", "1_0", "0x1"]
    )
    def test_what_is_no_positive_number_is_refused(self, api: APIClient, text: str) -> None:
        response = api.get(f"{URL}?page_size={text}")

        assert (response.status_code, list(response.json()["errors"])) == (400, ["page_size"])

    @pytest.mark.parametrize("text", ["200", "201", "100000000", "9" * 4000])
    def test_attack_095_the_most_is_the_most(self, api: APIClient, text: str) -> None:
        with CaptureQueriesContext(connection) as asked:
            assert api.get(f"{URL}?page_size={text}").status_code == 200

        assert any("LIMIT 201" in query["sql"] for query in asked)

    def test_leading_zeros_are_none_of_our_business(self, api: APIClient, account: Any) -> None:
        ReportScheduleFactory.create_batch(2, account=account)

        assert len(api.get(f"{URL}?page_size=0001").json()["results"]) == 1

    @pytest.mark.parametrize("name", ["limit", "offset", "page"])
    def test_attack_095_other_ways_to_page_are_unknown(self, api: APIClient, name: str) -> None:
        assert list(api.get(f"{URL}?{name}=1").json()["errors"]) == [name]


def cursor(content: str) -> str:
    return quote(b64encode(content.encode()).decode())


class TestForgedCursors:
    @pytest.mark.parametrize(
        "forged",
        [
            "x",
            "%00",
            "=",
            "é",
            cursor("p=x"),
            cursor("p="),
            cursor("p=%00"),
            cursor("p=1%27%20OR%201=1"),
            cursor("o=5"),
            cursor("o=-1"),
            cursor("o=x&p=00000000-0000-7000-8000-000000000000"),
            cursor("o=10000000000000000000000&p=00000000-0000-7000-8000-000000000000"),
            cursor("r=x"),
            cursor("\ud83d".encode("utf-8", "replace").decode()),
            "A" * 3000,
        ],
    )
    def test_attack_095_one_that_is_none_of_ours_finds_nothing(self, api: APIClient, forged: str) -> None:
        response = api.get(f"{URL}?cursor={forged}")

        assert response.status_code in {400, 404}, response.content
        assert set(response.json()) >= {"detail", "code"}

    def test_attack_095_one_made_up_of_a_foreign_key_shows_own_rows_alone(self, api: APIClient, account: Any) -> None:
        own = ReportScheduleFactory(account=account)
        foreign = ReportScheduleFactory()

        for direction in ("", "&r=1"):
            page = api.get(f"{URL}?cursor={cursor(f'p={foreign.pk}{direction}')}").json()
            assert str(foreign.pk) not in keys(page)
            assert set(keys(page)) <= {str(own.pk)}

    def test_the_cursors_we_give_hold_a_key_and_a_direction(self, api: APIClient, account: Any) -> None:
        ReportScheduleFactory.create_batch(2, account=account)

        query = parse_qs(urlsplit(api.get(f"{URL}?page_size=1").json()["next"]).query)

        assert set(query) == {"cursor", "page_size"}


def test_an_unknown_order_is_refused(api: APIClient) -> None:
    for ordering in ("name", "account__name", "-pk", "", "created_at,name"):
        response = api.get(f"{URL}?ordering={ordering}")
        assert (response.status_code, list(response.json()["errors"])) == (400, ["ordering"])
