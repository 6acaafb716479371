"""The account in a body: a hidden one answers as a missing one, and nobody looks at the rest: attacks 088 and 089."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import ask, seen
from tests.api.matrix.table import new_schedule
from tests.api.matrix.test_hidden_rows import MISSING
from tests.api.world.contents import contents
from tests.api.world.people import LOGGED_IN, Person, Standing
from tests.api.world.world import World

NOBODY_TO_BRAVO = [person for person in LOGGED_IN if person.to_bravo is Standing.STRANGER]


def create(world: World, person: Person, **fields: Any) -> tuple[HttpResponse, int]:
    body = {**new_schedule(world.alpha), **fields}
    with CaptureQueriesContext(connection) as queries:
        answer = ask(world.browsers[person], "POST", ENDPOINTS["report-schedule-list"].paths()[1], body)
    return answer, len(queries)


def missing_account(world: World) -> object:
    return 10**6 if isinstance(world.alpha.account.pk, int) else MISSING


@pytest.mark.parametrize("person", NOBODY_TO_BRAVO, ids=str)
@pytest.mark.parametrize("others", [{}, {"name": "", "formats": 7, "nonsense": 1}], ids=["good rest", "bad rest"])
def test_attack_088_a_schedule_for_a_hidden_account_is_refused_as_for_a_missing_one(
    others: dict[str, Any], person: Person, world: World
) -> None:
    hidden, queries = create(world, person, account=str(world.bravo.account.pk), **others)
    missing, as_many = create(world, person, account=str(missing_account(world)), **others)

    assert hidden.status_code == 400
    assert "account" in hidden.json()["errors"]
    assert (seen(hidden), queries) == (seen(missing), as_many)


@pytest.mark.parametrize("account", ["", "no-uuid", "\u2028", None, 0, -1, 1.5, True, [], {}, [MISSING], 10**30])
def test_attack_088_an_account_that_is_no_id_is_refused_at_its_field(account: object, world: World) -> None:
    (manager,) = (person for person in LOGGED_IN if person.name == "manager")

    answer, _queries = create(world, manager, account=account)

    assert answer.status_code == 400
    assert "account" in answer.json()["errors"]


def test_a_client_learns_nothing_about_the_other_fields(world: World) -> None:
    (client,) = (person for person in LOGGED_IN if person.name == "client")

    good, _queries = create(world, client)
    bad, _queries = create(world, client, name="", formats=7, frequency="never")

    assert good.status_code == 403
    assert seen(good) == seen(bad)


@pytest.mark.parametrize("name", ["manager", "superuser"])
@pytest.mark.parametrize("target", ["hidden", "missing", "no id"])
def test_attack_089_nobody_moves_a_schedule_to_another_account(name: str, target: str, world: World) -> None:
    account = {"hidden": world.bravo.account.pk, "missing": missing_account(world), "no id": "no-uuid"}[target]
    before = contents()

    answer = _patch(world, name, {"account": str(account)})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["account"])
    assert contents() == before


def test_attack_089_a_patch_may_name_the_present_account(world: World) -> None:
    assert _patch(world, "manager", {"account": str(world.alpha.account.pk)}).status_code == 200


def test_attack_088_a_patch_to_a_hidden_account_reads_as_to_a_missing_one(world: World) -> None:
    answers = [
        _patch(world, "manager", {"account": str(account)})
        for account in (world.bravo.account.pk, missing_account(world))
    ]

    assert seen(answers[0]) == seen(answers[1])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", MISSING), ("created_by", "somebody"), ("active", False), ("state", "paused"), ("state_reason", "x"),
        ("consecutive_failures", 0), ("next_run_at", "2020-01-01T00:00:00Z"), ("last_run_at", "2020-01-01T00:00:00Z"),
        ("created_at", "2020-01-01T00:00:00Z"), ("updated_at", "2020-01-01T00:00:00Z"), ("account_name", "x"),
        ("report_title", "x"),
    ],
)  # fmt: skip
def test_attack_089_a_field_that_is_the_system_s_is_never_honoured(field: str, value: object, world: World) -> None:
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.errored.pk)[1]
    browser = world.browser("superuser")
    before = browser.get(path).json()

    answer = browser.patch(path, {field: value}, content_type="application/json")

    after = browser.get(path).json()
    assert answer.status_code in {200, 400}
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


@pytest.mark.parametrize("field", ["ownerless", "created_by_id", "account_id", "owner", "is_active", "failure_count"])
def test_attack_089_a_field_that_there_is_none_of_is_refused(field: str, world: World) -> None:
    answer = _patch(world, "manager", {field: 1})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def _patch(world: World, name: str, body: dict[str, Any]) -> HttpResponse:
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]
    return world.browser(name).patch(path, body, content_type="application/json")
