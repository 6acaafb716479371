"""Whoever may not know of a row cannot tell it from one that does not exist: attack 086."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import ask, body_for, seen
from tests.api.matrix.table import LINES, Line
from tests.api.world.people import LOGGED_IN, OUTSIDERS, Person
from tests.api.world.world import World

MISSING = "01997b4e-0000-7000-8000-000000000000"
WRONG_IDS = ("no-uuid", "1", "%00", "..", "%2E%2E", "%0A", "%F0%9F%93%88", "%FF", "null", f"{MISSING}.json", "9" * 3000)
SUFFIXES = ("%00", "%0A", ".json", "%20", "'--")
"""What turns the id of a row into that of none."""

DETAIL_LINES = [line for line in LINES if line.row != "-"]
ACTS = list({(line.endpoint, line.method): line for line in DETAIL_LINES}.values())
"""One line for each endpoint and method: where the row does not matter."""

detail_lines = pytest.mark.parametrize("line", DETAIL_LINES, ids=str)
acts = pytest.mark.parametrize("line", ACTS, ids=str)


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
@detail_lines
def test_attack_086_a_hidden_row_answers_as_a_missing_one_and_takes_as_many_queries(
    line: Line, person: Person, world: World
) -> None:
    browser = world.browsers[person]
    body = body_for(line, world.alpha)
    missing, queries = _asked(browser, line, MISSING, body)
    assert missing[0] == 404

    for label in ("alpha", "bravo"):
        if line.statuses[person.standing(label)] == 404:
            hidden = world.row(line.row, label, person)
            assert _asked(browser, line, hidden.pk, body) == (missing, queries)


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
@acts
def test_attack_086_what_is_no_id_answers_as_a_missing_one(line: Line, person: Person, world: World) -> None:
    browser = world.browsers[person]
    body = body_for(line, world.alpha)
    missing, _queries = _asked(browser, line, MISSING, body)
    changed = [f"{world.row(line.row, 'alpha', person).pk}{suffix}" for suffix in SUFFIXES]

    for wrong in (*WRONG_IDS, *changed):
        answer, _queries = _asked(browser, line, wrong, body)
        assert answer == missing, wrong


@pytest.mark.parametrize("person", OUTSIDERS, ids=str)
@detail_lines
def test_who_is_not_logged_in_learns_nothing_about_ids(line: Line, person: Person, world: World) -> None:
    browser = world.browsers[person]
    missing, queries = _asked(browser, line, MISSING, None)

    for row_id in (world.row(line.row, "alpha", person).pk, "no-uuid", "%00"):
        assert _asked(browser, line, row_id, None) == (missing, queries)


@pytest.mark.parametrize("endpoint", ["report-schedule-detail", "report-detail"])
def test_an_id_is_read_in_upper_case_too(endpoint: str, world: World) -> None:
    row = {"report-schedule-detail": world.alpha.schedule, "report-detail": world.alpha.report}[endpoint]
    lower, upper = (ENDPOINTS[endpoint].paths(text)[1] for text in (str(row.pk), str(row.pk).upper()))
    browser = world.browser("client")

    assert browser.get(upper).content == browser.get(lower).content


def test_who_asked_for_a_preview_sees_it(world: World) -> None:
    browser = Client()
    browser.force_login(world.alpha.colleague, backend="django.contrib.auth.backends.ModelBackend")
    path = ENDPOINTS["report-detail"].paths(world.alpha.preview.pk)[0]

    assert browser.get(path).status_code == 200


def _asked(browser: Client, line: Line, row_id: object, body: Any) -> tuple[tuple[int, bytes, dict[str, str]], int]:
    path = ENDPOINTS[line.endpoint].paths(row_id)[1]
    with CaptureQueriesContext(connection) as queries:
        answer = seen(ask(browser, line.method, path, body))
    return answer, len(queries)
