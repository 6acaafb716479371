"""A host that lets people at any address receive reports once they have agreed."""

from __future__ import annotations

import pytest
from pytest_django import Settings


@pytest.fixture
def external_confirm(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "EXTERNAL_RECIPIENTS": "confirm"}
