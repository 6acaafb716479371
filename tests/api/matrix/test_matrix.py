"""Every endpoint and method, for everybody: attack 085, and 091 and 093 as lines of the same table."""

from __future__ import annotations

from itertools import product

import pytest

from tests.api.matrix.endpoints import ENDPOINTS, METHODS, Endpoint
from tests.api.matrix.requests import ask, body_for, faults
from tests.api.matrix.table import LINES, Line
from tests.api.world.people import PEOPLE, Person, Standing
from tests.api.world.world import World

EVERYBODY = pytest.mark.parametrize("person", PEOPLE, ids=str)


def test_attack_085_the_table_names_every_endpoint_and_method_and_no_other() -> None:
    named = {(line.endpoint, line.method) for line in LINES}
    assert named == {(endpoint.name, method) for endpoint in ENDPOINTS.values() for method in endpoint.methods}


@EVERYBODY
@pytest.mark.parametrize("line", LINES, ids=str)
def test_attack_085_everybody_gets_what_the_table_says(line: Line, person: Person, world: World) -> None:
    endpoint = ENDPOINTS[line.endpoint]
    found, expected = {}, {}
    for label, method in product(("alpha", "bravo"), _methods(line)):
        holdings = world.holdings(label)
        for path in endpoint.paths(world.row(line.row, label, person).pk if endpoint.is_detail else ""):
            response = ask(world.browsers[person], method, path, body_for(line, holdings))
            cell = f"{method} {path} ({line.row} of {label})"
            found[cell] = response.status_code, faults(response, method)
            expected[cell] = line.statuses[person.standing(label)], []

    assert found == expected


@EVERYBODY
@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=str)
def test_attack_085_every_other_method_is_refused_without_a_look_at_the_row(
    endpoint: Endpoint, person: Person, world: World
) -> None:
    outside = person.to_alpha is Standing.OUTSIDE
    row = next(line.row for line in LINES if line.endpoint == endpoint.name)
    found, expected = {}, {}
    for method in _other_methods(endpoint):
        for label in ("alpha", "bravo") if endpoint.is_detail else ("alpha",):
            for path in endpoint.paths(world.row(row, label, person).pk if endpoint.is_detail else ""):
                response = ask(world.browsers[person], method, path)
                found[method, path] = response.status_code, faults(response, method)
                expected[method, path] = (401 if outside else 204 if method == "OPTIONS" else 405), []

    assert found == expected


def _methods(line: Line) -> tuple[str, ...]:
    return ("GET", "HEAD") if line.method == "GET" else (line.method,)


def _other_methods(endpoint: Endpoint) -> list[str]:
    declared = endpoint.methods | ({"HEAD"} if "GET" in endpoint.methods else set())
    return [method for method in METHODS if method not in declared]
