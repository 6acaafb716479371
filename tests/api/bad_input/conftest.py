"""Requests of a manager, and the certainty that a refused one left nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.world.contents import contents
from tests.api.world.world import World


@pytest.fixture
def manager(world: World) -> Client:
    """The browser of a manager of ``alpha``."""
    return world.browser("manager")


@pytest.fixture
def nothing_stored(world: World) -> Iterator[None]:
    """Make sure that a test stored nothing, no audit event either."""
    before = contents()
    yield
    assert contents() == before


@pytest.fixture(params=["POST", "PATCH"])
def writing(request: pytest.FixtureRequest, world: World) -> tuple[str, str]:
    """Method and path of the two requests that have a body."""
    if request.param == "POST":
        return "POST", ENDPOINTS["report-schedule-list"].paths()[1]
    return "PATCH", ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]
