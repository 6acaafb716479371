"""What Schemathesis asks of each answer besides its own checks, and which rows it asks for.

Loaded by its process, which knows nothing of ours: everything comes in environment variables.
"""

from __future__ import annotations

import json
import os
from typing import Any
from uuid import UUID
from zlib import crc32

import schemathesis
from schemathesis.generation.meta import TestPhase

SITE: dict[str, Any] = json.loads(os.environ["SITE"])
"""``foreign``: texts that must not appear; ``rows``, ids, and ``bodies``, valid ones, by the first part of a path."""


@schemathesis.check
def nothing_foreign(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """Nothing of an account with which the caller has nothing to do is in the body or the headers."""
    shown = response.text + "".join(text for texts in response.headers.values() for text in texts)
    asked = json.dumps([case.path_parameters, case.query, case.body], default=str)
    found = [text for text in SITE["foreign"] if text in shown and text not in asked]
    assert not found, f"The answer tells of a foreign account: {found}"


@schemathesis.hook
def map_case(context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
    """Mend what no schema can say in requests that are meant to be good, so that more than 404 and 400 comes back."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return case
    resource = case.path.split("{", maxsplit=1)[0].strip("/").rpartition("/")[2]
    if case.meta.phase.name is TestPhase.STATEFUL:  # the links say which rows, and made-up filters would hide them
        case.query = {name: value for name, value in (case.query or {}).items() if _is_id(value)}
    else:
        _choose_row(case, resource)
    if case.method == "POST" and isinstance(case.body, dict):
        case.body = _one_of([{**case.body, **SITE["bodies"][resource]}, case.body], case.body)
    return case


def _choose_row(case: schemathesis.Case, resource: str) -> None:
    if case.path_parameters:
        found = _one_of([*SITE["rows"][resource], case.path_parameters["id"]], case.path_parameters)
        case.path_parameters = dict.fromkeys(case.path_parameters, found)  # a delivery has the id of its webhook
    if case.method == "GET":  # hardly a made-up filter leaves anything to go on with
        case.query = _one_of([{}, case.query], case.query)


def _is_id(value: Any) -> bool:
    try:
        UUID(value)
    except (AttributeError, TypeError, ValueError):
        return False
    return True


def _one_of(choices: list[Any], seed: Any) -> Any:
    return choices[crc32(json.dumps(seed, default=str).encode()) % len(choices)]
