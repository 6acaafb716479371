"""A world of accounts, rows and people, built once for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from django_report_scheduling.reports import registry
from tests.api.world.world import World, build_world, undone
from tests.sample_report import SampleReport


@pytest.fixture(scope="module")
def built_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, in a transaction that is never committed."""
    with django_db_blocker.unblock(), registry.temporarily(SampleReport), undone():
        yield build_world()


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """The world as it was built; what a test does to it is undone."""
    return built_world
