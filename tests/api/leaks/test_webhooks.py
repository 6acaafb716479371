"""Webhooks are for those who manage the account: who only sees its reports learns nothing of them, from no answer."""

from __future__ import annotations

import pytest

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import ask, body_for, seen
from tests.api.matrix.table import LINES, Line
from tests.api.matrix.test_hidden_rows import MISSING
from tests.api.world.people import PEOPLE, Person, Standing
from tests.api.world.world import World
from tests.extras import needs_webhooks

CLIENTS = [person for person in PEOPLE if person.to_alpha is Standing.CLIENT]

pytestmark = needs_webhooks


@pytest.mark.parametrize("person", CLIENTS, ids=str)
@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_client_reads_no_id_host_or_name_of_a_webhook(line: Line, person: Person, world: World) -> None:
    webhooks = (world.alpha.webhook, world.alpha.disabled)
    canaries = [text for webhook in webhooks for text in (str(webhook.pk), webhook.host, webhook.description)]
    endpoint = ENDPOINTS[line.endpoint]
    path = endpoint.paths(world.row(line.row, "alpha", person).pk if endpoint.is_detail else "")[1]

    answer = ask(world.browsers[person], line.method, path, body_for(line, world.alpha)).serialize().decode()

    assert [canary for canary in canaries if canary in answer] == []


@pytest.mark.parametrize("line", LINES, ids=str)
@pytest.mark.parametrize("name", ["manager", "superuser"])
def test_attack_037_nobody_reads_a_secret_that_is_in_use_or_how_it_is_stored(
    line: Line, name: str, world: World
) -> None:
    endpoint = ENDPOINTS[line.endpoint]
    path = endpoint.paths(world.row(line.row, "alpha", world.person(name)).pk if endpoint.is_detail else "")[1]

    answer = ask(world.browser(name), line.method, path, body_for(line, world.alpha)).serialize().decode()

    assert world.alpha.webhook.secret not in answer
    assert ("whsec_" in answer) == ((line.endpoint, line.method) in SHOWING)


SHOWING = {("webhook-list", "POST"), ("webhook-detail", "PATCH"), ("webhook-rotate-secret", "POST")}
"""The requests that make a secret; PATCH does so for another host."""


@pytest.mark.parametrize("other", ["disabled", "foreign", "missing"])
def test_attack_086_a_delivery_is_found_at_its_own_webhook_alone(other: str, world: World) -> None:
    keys = {"disabled": world.alpha.disabled.pk, "foreign": world.bravo.webhook.pk, "missing": MISSING}
    path = ENDPOINTS["webhook-deliveries"].paths(world.alpha.webhook.pk)[1]
    browser = world.browser("manager")

    answer = ask(browser, "POST", f"{path}{keys[other]}/replay/")

    assert answer.status_code == 404
    assert seen(answer) == seen(ask(browser, "POST", f"{path}no-uuid/replay/"))
