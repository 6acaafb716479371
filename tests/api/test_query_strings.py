"""Query strings are read as strictly as bodies."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.api.query_strings import MAX_QUERY
from tests.api.callers import calling
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

URL = "/api/v1/report-schedules/"


def answer_to(query: str, url: str = URL) -> Any:
    return calling(UserFactory()).get(f"{url}?{query}")


def test_attack_087_an_unknown_parameter_is_named_with_those_that_are_known() -> None:
    response = answer_to("stat=active")

    assert response.status_code == 400
    ((name, (message,)),) = response.json()["errors"].items()
    assert name == "stat"
    assert "state" in message


def test_a_parameter_given_twice_is_refused() -> None:
    assert list(answer_to("state=active&state=active").json()["errors"]) == ["state"]


def test_a_long_name_is_not_repeated_in_full() -> None:
    (name,) = answer_to("x" * 4000).json()["errors"]

    assert len(name) == 64


@pytest.mark.parametrize("url", [URL, f"{URL}anything/", "/api/v1/accounts/", "/api/v1/report-types/"])
@pytest.mark.parametrize(
    "query",
    ["search=" + "x" * (MAX_QUERY - 6), "a&" * 1_200, "search=%00", "%00=1", "x" * 1_000_000],
    ids=["too long", "too many", "NUL", "NUL in a name", "1 MB"],
)
def test_attack_096_what_nobody_should_look_into_is_refused(url: str, query: str) -> None:
    response = answer_to(query, url)

    assert (response.status_code, response.json()["code"]) in {(400, "parse_error"), (400, "invalid")}
    assert len(response.content) < 20_000


def test_a_query_string_at_the_limit_is_read() -> None:
    response = answer_to("search=" + "x" * (MAX_QUERY - 7))

    assert list(response.json()["errors"]) == ["search"]


@pytest.mark.parametrize(
    "query", ["search=%ff", "search=%C3%28", "search=%uD800", "search=\U0001f600", "&&&", "search=a;b"]
)
def test_odd_encodings_are_text_like_any_other(query: str) -> None:
    assert answer_to(query).status_code == 200
