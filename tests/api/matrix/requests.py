"""A request of the matrix, and what every answer of the API has in common."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.api.matrix.table import BODIES, Line
from tests.api.world.holdings import Holdings
from tests.api.world.world import undone


def ask(browser: Client, method: str, path: str, body: Any = None) -> HttpResponse:
    """Ask, and undo what the answer did to the rows."""
    with undone():
        if body is None:
            return browser.generic(method, path)
        return browser.generic(method, path, json.dumps(body), "application/json")


def body_for(line: Line, holdings: Holdings) -> Any:
    make = BODIES.get((line.endpoint, line.method))
    return make(holdings) if make else None


def seen(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """Everything that whoever asked can see of an answer."""
    return response.status_code, response.content, dict(response.headers)


def faults(response: HttpResponse, method: str) -> list[str]:
    """What is wrong with the form of an error, whatever it is about."""
    if response.status_code < 400:
        return []
    found = []
    if response.headers.get("Content-Type") != "application/json":
        found.append(f"content type {response.headers.get('Content-Type')}")
    elif method != "HEAD":
        body = response.json()
        if set(body) - {"errors"} != {"detail", "code"} or not all(
            isinstance(body[key], str) for key in ("detail", "code")
        ):
            found.append(f"body {body}")
    if response.status_code == 401 and "WWW-Authenticate" not in response.headers:
        found.append("401 without WWW-Authenticate")
    if response.status_code == 405 and "Allow" not in response.headers:
        found.append("405 without Allow")
    return found
