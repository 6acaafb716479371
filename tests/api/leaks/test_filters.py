"""Filters, search, ordering and cursors reach no row that the list would not show: attacks 087, 095 and 096."""

from __future__ import annotations

from base64 import b64decode, b64encode
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import seen
from tests.api.matrix.test_hidden_rows import MISSING
from tests.api.world.world import World
from tests.extras import needs_webhooks

LISTS = [
    name
    for name in ("account-list", "report-schedule-list", "report-list", "webhook-list", "calendar-feed-list")
    if name in ENDPOINTS
]
lists = pytest.mark.parametrize("endpoint", LISTS)


def reader(endpoint: str, world: World) -> Client:
    """The browser of somebody who finds rows of ``alpha`` in the list, and may do as little as possible."""
    return world.browser("manager" if endpoint == "webhook-list" else "client")


def get(browser: Client, endpoint: str, **parameters: object) -> HttpResponse:
    return browser.get(ENDPOINTS[endpoint].paths()[1], parameters)


@pytest.mark.parametrize(
    ("endpoint", "parameter", "row"),
    [
        ("report-schedule-list", "account", "account"),
        ("report-list", "account", "account"),
        ("report-list", "schedule", "schedule"),
        pytest.param("webhook-list", "account", "account", marks=needs_webhooks),
    ],
)
def test_attack_087_a_filter_by_a_hidden_row_answers_as_by_a_missing_one(
    endpoint: str, parameter: str, row: str, world: World
) -> None:
    browser, hidden = reader(endpoint, world), world.bravo.row(row).pk
    missing = 10**6 if isinstance(hidden, int) else MISSING

    answer = get(browser, endpoint, **{parameter: hidden})

    assert answer.json()["results"] == []
    assert seen(answer) == seen(get(browser, endpoint, **{parameter: missing}))


def test_attack_087_a_search_finds_no_hidden_row(world: World) -> None:
    browser = world.browser("client")

    assert get(browser, "report-schedule-list", search="of bravo").json()["results"] == []
    assert len(get(browser, "report-schedule-list", search="of ALPHA").json()["results"]) == 3


@lists
@pytest.mark.parametrize(
    "parameter",
    [
        "account__name", "account__slug__startswith", "account__owner__email__startswith", "created_by",
        "created_by__email", "created_by__password__startswith", "id", "pk", "id__in", "name__regex", "q",
        "recipients", "requested_by", "limit", "offset", "page", "fields", "expand", "_method",
        "account[]", "ACCOUNT",
    ],
)  # fmt: skip
def test_attack_087_a_parameter_that_a_list_does_not_know_is_refused(
    endpoint: str, parameter: str, world: World
) -> None:
    answer = get(reader(endpoint, world), endpoint, **{parameter: "a"})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [parameter]


@lists
@pytest.mark.parametrize(
    "ordering", ["name", "account__slug", "-account__secret", "created_by__email", "pk", "?", "", "created_at,pk"]
)
def test_attack_087_an_ordering_by_anything_else_is_refused(endpoint: str, ordering: str, world: World) -> None:
    answer = get(reader(endpoint, world), endpoint, ordering=ordering)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["ordering"])


@lists
@pytest.mark.parametrize("ordering", ["created_at", "-created_at"])
@pytest.mark.parametrize("reverse", [{}, {"r": 1}], ids=["onwards", "backwards"])
def test_attack_095_a_cursor_made_up_from_a_hidden_id_shows_own_rows_alone(
    endpoint: str, ordering: str, reverse: dict[str, int], world: World
) -> None:
    browser = reader(endpoint, world)
    own = {result["id"] for result in get(browser, endpoint).json()["results"]}
    hidden = [str(world.bravo.account.pk)] if endpoint == "account-list" else world.bravo.ids()

    for row_id in hidden:
        cursor = b64encode(urlencode({"p": row_id, **reverse}).encode()).decode()
        answer = get(browser, endpoint, cursor=cursor, ordering=ordering)
        if answer.status_code == 200:
            body = answer.json()
            assert {result["id"] for result in body["results"]} <= own
            assert not (_positions(body) - {row_id}) & set(world.bravo.ids())  # what was sent may come back
        else:
            assert answer.status_code == 404
            assert endpoint == "account-list"  # whose keys may be of another type


@lists
def test_page_links_hold_positions_of_own_rows_alone(endpoint: str, world: World) -> None:
    browser = reader(endpoint, world)
    own = {result["id"] for result in get(browser, endpoint).json()["results"]}

    found, positions = [], set()
    url = f"{ENDPOINTS[endpoint].paths()[1]}?page_size=1"
    while url:
        body = browser.get(url).json()
        found += [result["id"] for result in body["results"]]
        positions |= _positions(body)
        url = body["next"]

    assert sorted(found) == sorted(own)
    assert positions <= own


def _positions(body: dict[str, str | None]) -> set[str]:
    """The keys that are inside the cursors of a page's links."""
    cursors = [parse_qs(urlsplit(link).query)["cursor"][0] for link in (body["next"], body["previous"]) if link]
    return {parse_qs(b64decode(cursor).decode())["p"][0] for cursor in cursors}
