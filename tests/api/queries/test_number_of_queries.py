"""Every answer takes as many queries for many rows of everything as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import ask, body_for
from tests.api.matrix.table import LINES, Line
from tests.api.queries.growth import MANY, grow
from tests.api.world.people import PEOPLE, Person, Standing
from tests.api.world.world import World

CALLERS = [person for person in PEOPLE if person.to_alpha not in {Standing.OUTSIDE, Standing.STRANGER}]
READING = [line for line in LINES if line.method == "GET"]
WRITING = [line for line in LINES if line.method != "GET" and line.statuses[Standing.MANAGER] < 300]
GROWING = {
    "account-list",
    "report-schedule-list",
    "report-schedule-timeline",
    "report-list",
    "webhook-deliveries",
    "calendar-feed-list",
}
"""The lists that hold many rows more afterwards for everybody who may see them."""
FOR_MANAGERS = {"webhook-list", "recipient-list"}
"""Those that hold many rows more for everybody but clients."""


@pytest.fixture(autouse=True)
def room_for_more(settings: Settings) -> None:
    """Let one person have more calendar feeds than the world grows to."""
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "MAX_CALENDAR_FEEDS_PER_USER": 2 * MANY}


def answer_to(person: Person, line: Line, world: World) -> HttpResponse:
    endpoint = ENDPOINTS[line.endpoint]
    path = endpoint.paths(world.row(line.row, "alpha", person).pk if endpoint.is_detail else "")[1]
    return ask(world.browsers[person], line.method, path, body_for(line, world.alpha))


def queries_for(person: Person, line: Line, world: World) -> int:
    """Ask twice, so that what Django remembers for good is known, and count the second time."""
    answer_to(person, line, world)
    with CaptureQueriesContext(connection) as queries:
        answer_to(person, line, world)
    return len(queries)


@pytest.mark.parametrize("person", CALLERS, ids=str)
def test_reading_takes_as_many_queries_for_many_rows_as_for_few(
    person: Person, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few = {line: queries_for(person, line, world) for line in READING}
    growing = GROWING if person.to_alpha is Standing.CLIENT else GROWING | FOR_MANAGERS
    grow(world, person)

    for line, number in few.items():
        with django_assert_num_queries(number, info=str(line)):
            answer = answer_to(person, line, world)
        assert answer.status_code == line.statuses[person.to_alpha]
        if line.endpoint in growing and answer.status_code == 200:
            assert len(answer.json()["results"]) >= MANY


def test_writing_takes_as_many_queries_among_many_rows_as_among_few(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (person,) = (person for person in CALLERS if person.name == "manager")
    few = {line: queries_for(person, line, world) for line in WRITING}
    grow(world, person)

    for line, number in few.items():
        with django_assert_num_queries(number, info=str(line)):
            answer = answer_to(person, line, world)
        assert answer.status_code == line.statuses[Standing.MANAGER]
