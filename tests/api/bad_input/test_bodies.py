"""A body that is not input for a schedule is refused whole, with the field that is wrong (058, 059, 063, 090)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from django_report_scheduling.api.parsers import MAX_BODY
from tests.api.bad_input.bodies import UNREADABLE, WRONG_VALUES
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.table import new_schedule
from tests.api.world.world import World

pytestmark = pytest.mark.usefixtures("nothing_stored")

Writing = tuple[str, str]

VALUES = [
    pytest.param(field, value, id=f"{field} {str(value)[:24]!r} ({len(str(value))})")
    for field, values in WRONG_VALUES.items()
    for value in values
]


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_attack_090_a_body_that_two_could_read_differently_is_refused(
    body: bytes, writing: Writing, manager: Client
) -> None:
    answer = manager.generic(*writing, body, "application/json")

    assert answer.status_code == 400
    assert {"detail", "code"} <= answer.json().keys()


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_a_value_that_a_field_does_not_take_is_refused_at_the_field(
    field: str, value: Any, writing: Writing, manager: Client, world: World
) -> None:
    rest = new_schedule(world.alpha) if writing[0] == "POST" else {}

    answer = manager.generic(*writing, json.dumps({**rest, field: value}), "application/json")

    assert answer.status_code == 400, answer.content
    assert {name.partition(".")[0] for name in answer.json()["errors"]} == {field}
    assert all(message for messages in answer.json()["errors"].values() for message in messages)
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("field", ["account", "name", "report_type", "frequency", "time_of_day"])
def test_a_field_that_is_needed_is_asked_for(field: str, manager: Client, world: World) -> None:
    body = {name: value for name, value in new_schedule(world.alpha).items() if name != field}

    answer = manager.post(ENDPOINTS["report-schedule-list"].paths()[1], body, content_type="application/json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("rule", ["", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=0", "nonsense", "FREQ=DAILY\nRDATE:2026"])
def test_a_rule_that_is_none_is_refused_at_its_field(rule: str, manager: Client, world: World) -> None:
    body = {**new_schedule(world.alpha), "frequency": "custom", "recurrence": rule}
    del body["day_of_week"]

    answer = manager.post(ENDPOINTS["report-schedule-list"].paths()[1], body, content_type="application/json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["recurrence"])


def test_all_wrong_fields_are_named_at_once(writing: Writing, manager: Client, world: World) -> None:
    rest = new_schedule(world.alpha) if writing[0] == "POST" else {}
    wrong = {"name": "", "formats": ["docx"], "timezone": "Mars", "recipients": ["nonsense"], "nonsense": 1}

    answer = manager.generic(*writing, json.dumps({**rest, **wrong}), "application/json")

    assert answer.status_code == 400
    assert {"name", "nonsense"} <= answer.json()["errors"].keys()


def test_a_body_that_is_too_large_is_413(writing: Writing, manager: Client) -> None:
    answer = manager.generic(*writing, b'{"name": "' + b"x" * MAX_BODY + b'"}', "application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


def test_a_body_of_just_the_limit_is_read(writing: Writing, manager: Client) -> None:
    body = b'{"nonsense": "' + b"x" * (MAX_BODY - 16) + b'"}'
    assert len(body) == MAX_BODY

    answer = manager.generic(*writing, body, "application/json")

    assert answer.status_code == 400
    assert "nonsense" in answer.json()["errors"]
