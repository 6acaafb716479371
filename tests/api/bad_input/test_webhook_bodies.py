"""A body that is not input for a webhook is refused whole, with the field that is wrong (027, 058, 063, 088, 090)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from django_report_scheduling.api.parsers import MAX_BODY
from tests.api.bad_input.bodies import UNREADABLE
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import seen
from tests.api.matrix.table import new_webhook
from tests.api.matrix.test_hidden_rows import MISSING
from tests.api.world.world import World
from tests.extras import needs_webhooks

pytestmark = [needs_webhooks, pytest.mark.usefixtures("nothing_stored")]

Writing = tuple[str, str]

WRONG_VALUES: dict[str, list[Any]] = {
    "url": [
        7, None, True, [], {}, "", "hooks.customer.example", "http://hooks.customer.example/", "ftp://a.example/",
        "https://", "https://127.0.0.1/", "https://[::1]/", "https://localhost/", "https://u:p@hooks.customer.example/",
        "https://hooks.customer.example:22/", "https://hooks.customer.example/#x", "https://a.example/\r\nHost: b",
        "https://a.example/ x", f"https://a.example/{'x' * 2048}", "https://a.example/\u202e", "x" * 10_000,
    ],
    "events": [
        7, None, True, "report.succeeded", {}, [], {"report.succeeded": 1}, ["nonsense"], [7], [None], [[]], [""],
        ["REPORT.SUCCEEDED"], ["webhook.disabled"], ["report.succeeded"] * 100, ["x" * 10_000],
    ],
    "description": [7, None, [], {}, "x" * 201, "a\nb", "a\x1bb", "a\u2028b"],
}  # fmt: skip
VALUES = [
    pytest.param(field, value, id=f"{field} {str(value)[:24]!r} ({len(str(value))})")
    for field, values in WRONG_VALUES.items()
    for value in values
]


@pytest.fixture(params=["POST", "PATCH"])
def writing(request: pytest.FixtureRequest, world: World) -> Writing:
    if request.param == "POST":
        return "POST", ENDPOINTS["webhook-list"].paths()[1]
    return "PATCH", ENDPOINTS["webhook-detail"].paths(world.alpha.webhook.pk)[1]


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
    rest = new_webhook(world.alpha) if writing[0] == "POST" else {}

    answer = manager.generic(*writing, json.dumps({**rest, field: value}), "application/json")

    assert answer.status_code == 400, answer.content
    assert {name.partition(".")[0] for name in answer.json()["errors"]} == {field}
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("field", ["account", "url", "events"])
def test_a_field_that_is_needed_is_asked_for(field: str, manager: Client, world: World) -> None:
    body = {name: value for name, value in new_webhook(world.alpha).items() if name != field}

    answer = manager.post(ENDPOINTS["webhook-list"].paths()[1], body, content_type="application/json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize("field", ["secret", "previous_secret", "headers", "account_id", "created_by_id", "retries"])
def test_attack_089_a_field_that_there_is_none_of_is_refused(
    field: str, writing: Writing, manager: Client, world: World
) -> None:
    rest = new_webhook(world.alpha) if writing[0] == "POST" else {}

    answer = manager.generic(*writing, json.dumps({**rest, field: "x"}), "application/json")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_body_that_is_too_large_is_413(writing: Writing, manager: Client) -> None:
    answer = manager.generic(*writing, b'{"url": "' + b"x" * MAX_BODY + b'"}', "application/json")

    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize("others", [{}, {"url": 7, "nonsense": 1}], ids=["good rest", "bad rest"])
@pytest.mark.parametrize("name", ["manager", "client", "manager until just now"])
def test_attack_088_a_webhook_for_a_hidden_account_is_refused_as_for_a_missing_one(
    others: dict[str, Any], name: str, world: World
) -> None:
    missing = 10**6 if isinstance(world.alpha.account.pk, int) else MISSING
    answers = []
    for account in (world.bravo.account.pk, missing):
        body = {**new_webhook(world.alpha), "account": str(account), **others}
        with CaptureQueriesContext(connection) as queries:
            answer = world.browser(name).post(
                ENDPOINTS["webhook-list"].paths()[1], body, content_type="application/json"
            )
        answers.append((seen(answer), len(queries)))

    assert answers[0][0][0] == 400
    assert answers[0] == answers[1]
