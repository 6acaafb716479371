"""Lists hold exactly the rows of the accounts that somebody may see: attack 087."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.world.people import LOGGED_IN, Person, Standing
from tests.api.world.world import World

LISTED = {
    "account-list": ("account",),
    "report-schedule-list": ("schedule", "paused", "errored"),
    "recipient-list": ("recipient", "confirmed"),
    "report-list": ("report", "failed", "pending", "orphan"),
    **({"webhook-list": ("webhook", "disabled")} if "webhook-list" in ENDPOINTS else {}),
}
"""The rows of an account that a list shows to whoever may see the account: not a preview somebody else asked for."""
FOR_MANAGERS = {"webhook-list", "recipient-list"}
"""Lists that show nothing to whoever may only see the account."""

UNSEEN = {Standing.OUTSIDE, Standing.STRANGER}
ROLES = {
    Standing.CLIENT: "client",
    Standing.MANAGER: "account_manager",
    Standing.ADMINISTRATOR: "admin",
}


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
@pytest.mark.parametrize("endpoint", LISTED)
def test_attack_087_a_list_holds_exactly_the_rows_of_visible_accounts(
    endpoint: str, person: Person, world: World
) -> None:
    unseen = UNSEEN | {Standing.CLIENT} if endpoint in FOR_MANAGERS else UNSEEN
    visible = [world.holdings(label) for label in ("alpha", "bravo") if person.standing(label) not in unseen]
    path = ENDPOINTS[endpoint].paths()[1]

    body = world.browsers[person].get(path).json()

    assert {key: body[key] for key in ("next", "previous")} == {"next": None, "previous": None}
    ids = [result["id"] for result in body["results"]]
    assert sorted(ids) == sorted(str(held.row(name).pk) for held in visible for name in LISTED[endpoint])


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
def test_the_list_of_accounts_tells_the_role_on_each(person: Person, world: World) -> None:
    body = world.browsers[person].get(ENDPOINTS["account-list"].paths()[1]).json()

    assert {result["name"]: result["role"] for result in body["results"]} == {
        world.holdings(label).account.name: ROLES[person.standing(label)]
        for label in ("alpha", "bravo")
        if person.standing(label) not in UNSEEN
    }


def test_who_asked_for_a_preview_finds_it_in_the_list(world: World, client: Client) -> None:
    client.force_login(world.alpha.colleague, backend="django.contrib.auth.backends.ModelBackend")

    ids = {result["id"] for result in client.get(ENDPOINTS["report-list"].paths()[1]).json()["results"]}

    assert str(world.alpha.preview.pk) in ids
    assert str(world.bravo.preview.pk) not in ids
