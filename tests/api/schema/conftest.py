"""The document that describes the API."""

from __future__ import annotations

import io
from typing import Any

import pytest
import yaml
from django.core.management import call_command


def generated() -> str:
    """The document as the command writes it; a warning is an error."""
    output = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=output)
    return output.getvalue()


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(generated())
    return found


@pytest.fixture
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The operations by their id."""
    methods = [operation for path in document["paths"].values() for operation in path.values()]
    return {operation["operationId"]: operation for operation in methods}
