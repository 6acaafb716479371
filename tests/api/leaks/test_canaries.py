"""No answer names what belongs to an account that whoever asks does not see; every text and id of it is a canary."""

from __future__ import annotations

import pytest

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import ask, body_for
from tests.api.matrix.table import LINES, Line
from tests.api.world.people import PEOPLE, Person, Standing
from tests.api.world.world import World

UNSEEN = {Standing.OUTSIDE, Standing.STRANGER}
CONFINED = [person for person in PEOPLE if person.to_alpha in UNSEEN or person.to_bravo in UNSEEN]


@pytest.mark.parametrize("person", CONFINED, ids=str)
@pytest.mark.parametrize("line", LINES, ids=str)
def test_attack_087_no_answer_holds_a_text_or_an_id_of_a_hidden_account(
    line: Line, person: Person, world: World
) -> None:
    hidden = [world.holdings(label) for label in ("alpha", "bravo") if person.standing(label) in UNSEEN]
    canaries = [canary for held in hidden for canary in (held.label, *held.ids())]
    endpoint = ENDPOINTS[line.endpoint]

    for label in ("alpha", "bravo"):
        holdings = world.holdings(label)
        body = body_for(line, holdings)
        path = endpoint.paths(world.row(line.row, label, person).pk if endpoint.is_detail else "")[1]
        for method in (line.method, "OPTIONS"):
            response = ask(world.browsers[person], method, path, body if method == line.method else None)
            answer = response.serialize().decode()
            assert [canary for canary in canaries if canary in answer] == [], (method, path)
