"""Every link of the document is walked: its answer holds what it needs, and where it leads there is a row."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from django.http import HttpResponse
from django.test import Client

from tests.api.matrix.table import new_calendar_feed, new_schedule, new_webhook
from tests.api.schema.test_document import PUBLISHED, Document
from tests.api.world.holdings import Holdings
from tests.api.world.people import Person
from tests.api.world.world import World, undone
from tests.extras_at_hand import CALENDAR, WEBHOOKS

ROWS = {
    "report-schedules": ("schedule", "paused"),
    "reports": ("report", "failed", "pending"),
    "webhooks": ("webhook", "disabled"),
    "calendar-feeds": ("own",),
    "recipients": ("recipient", "confirmed"),
}
"""By the first part of a path: one of these lets every operation succeed."""
BODIES: dict[str, Callable[[Holdings], dict[str, Any]]] = {
    "report_schedules_create": new_schedule,
    "report_schedules_partial_update": lambda holdings: {"name": "Renamed by a link"},
    "report_webhooks_create": new_webhook,
    "report_calendar_feeds_create": new_calendar_feed,
    "report_webhooks_partial_update": lambda holdings: {"description": "Described by a link"},
}


@dataclass(frozen=True)
class Operation:
    path: str
    method: str
    description: Document

    @property
    def resource(self) -> str:
        return self.path.removeprefix("/api/v1/").partition("/")[0]

    def ask(self, browser: Client, world: World, parameters: dict[str, str]) -> HttpResponse:
        """Ask with parameters as a link gives them: ``path.id``, ``query.account`` …"""
        placed = {name.partition(".")[::2]: value for name, value in parameters.items()}
        path = self.path.format(**{name: value for (place, name), value in placed.items() if place == "path"})
        query = {name: value for (place, name), value in placed.items() if place == "query"}
        body = BODIES.get(self.description["operationId"])
        sent = (json.dumps(body(world.alpha)), "application/json") if body else ()
        return browser.generic(self.method.upper(), f"{path}?{urllib.parse.urlencode(query)}", *sent)


OPERATIONS = {
    description["operationId"]: Operation(path, method, description)
    for path, methods in yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))["paths"].items()
    for method, description in methods.items()
}
OPTIONAL = {"webhooks": WEBHOOKS, "calendar_feeds": CALENDAR}
LINKS = [
    pytest.param(source, status, link, id=f"{source} {status} {name}")
    for source, operation in OPERATIONS.items()
    for status, answer in operation.description["responses"].items()
    for name, link in answer.get("links", {}).items()
    if all(at_hand or part not in f"{source} {link['operationId']}" for part, at_hand in OPTIONAL.items())
]


@pytest.mark.parametrize("name", ["manager", "superuser"])
@pytest.mark.parametrize(("source", "status", "link"), LINKS)
def test_a_link_leads_to_a_row_that_is_there(
    source: str, status: str, link: dict[str, Any], name: str, world: World
) -> None:
    person, target = world.person(name), OPERATIONS[link["operationId"]]
    with undone():
        found = succeeded(OPERATIONS[source], int(status), person, world)
        if found is None:
            assert (name, source) == ("manager", "report_webhooks_reactivate"), "only administrators may"
            return
        parameters, answer = found
        given = {place: resolved(expression, parameters, answer) for place, expression in link["parameters"].items()}
        reached = target.ask(world.browsers[person], world, given)

    assert str(reached.status_code) in target.description["responses"]
    assert reached.status_code not in {400, 404}, reached.content
    assert reached.status_code < 500


def succeeded(
    operation: Operation, status: int, person: Person, world: World
) -> tuple[dict[str, str], HttpResponse] | None:
    """Do it with the first row that lets it succeed; return what was asked with and the answer."""
    rows = ROWS[operation.resource] if "{id}" in operation.path else (None,)
    for row in rows:
        # A delivery of the world has the id of its webhook.
        key = str(world.row(row, "alpha", person).pk) if row else ""
        parameters = {f"path.{part}": key for part in ("id", "delivery") if f"{{{part}}}" in operation.path}
        answer = operation.ask(world.browsers[person], world, parameters)
        if answer.status_code == status:
            return parameters, answer
    return None


def resolved(expression: str, parameters: dict[str, str], answer: HttpResponse) -> str:
    """Evaluate a runtime expression of the OpenAPI Specification 3.1, section 4.8.20.3."""
    if expression.startswith("$request."):
        return parameters[expression.removeprefix("$request.")]
    found = answer.json()
    for part in expression.removeprefix("$response.body#/").split("/"):
        found = found[int(part) if isinstance(found, list) else part]
    assert isinstance(found, str)
    return found
