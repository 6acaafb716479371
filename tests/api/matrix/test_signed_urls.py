"""Endpoints whose address is the permission: they ask for no login, and the address is of no use to anybody else."""

from __future__ import annotations

import pytest

from tests.api.matrix.endpoints import ENDPOINTS, METHODS, PATTERNS, SIGNED
from tests.api.world.people import LOGGED_IN, PEOPLE, Person, Standing
from tests.api.world.world import World

EVERYBODY = pytest.mark.parametrize("person", PEOPLE, ids=str)
CLIENT = "client"
FORGED = ("x", "a:b:c", "%00", "..", "x" * 3000)


def test_attack_085_there_is_no_other_endpoint_without_a_login() -> None:
    assert [endpoint.name for endpoint in SIGNED.values()] == ["file"]
    unnamed = [pattern for pattern in PATTERNS if not pattern.name]
    assert all(pattern.callback in SIGNED for pattern in unnamed), "each is the other spelling of a named one"


@pytest.fixture
def link(world: World) -> str:
    """The path of a file that was given out to the client."""
    answer = world.browser(CLIENT).get(ENDPOINTS["report-download"].paths(world.alpha.report.pk)[1])
    return str(answer.headers["Location"])


@EVERYBODY
def test_a_link_to_a_file_works_for_whom_it_was_given_out_and_for_no_other_login(
    person: Person, link: str, world: World
) -> None:
    browser = world.browsers[person]
    welcome = person.name == CLIENT or person.to_alpha is Standing.OUTSIDE

    for path in (link, link.rstrip("/")):
        for method in ("GET", "HEAD"):
            answer = browser.generic(method, path)
            assert not welcome or b"".join(answer) == (b"{}" if method == "GET" else b"")
            assert answer.status_code == (200 if welcome else 404), (method, path)


@EVERYBODY
def test_a_link_to_a_file_is_read_only(person: Person, link: str, world: World) -> None:
    for method in set(METHODS) - {"GET", "HEAD"}:
        assert world.browsers[person].generic(method, link).status_code == 405


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
def test_attack_099_a_forged_link_answers_as_somebody_else_s(person: Person, link: str, world: World) -> None:
    if person.name == CLIENT:
        link = link[:-9] + link[-9:].swapcase()  # their own, with another signature
    (endpoint,) = SIGNED.values()
    foreign = world.browsers[person].get(link)

    for token in FORGED:
        forged = world.browsers[person].get(endpoint.paths(token)[1])
        assert (forged.status_code, forged.content) == (404, foreign.content)
    assert foreign.status_code == 404
