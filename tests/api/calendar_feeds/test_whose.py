"""Lists hold one's own feeds, whoever else has some of the same account: attack 087."""

from __future__ import annotations

import pytest

from tests.api.world.people import LOGGED_IN, Person
from tests.api.world.world import World
from tests.extras import needs_calendar


@needs_calendar
@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
def test_attack_087_a_list_holds_exactly_one_s_own_feeds(person: Person, world: World) -> None:
    found = world.browsers[person].get("/api/v1/calendar-feeds/").json()["results"]

    assert [feed["id"] for feed in found] == [str(world.own[person].pk)]
