"""Fixtures for the whole suite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import hypothesis
import pytest
from django.core.files.storage import InMemoryStorage, storages
from pytest_django import Settings

from django_report_scheduling.reports import registry
from tests.factories import NOW
from tests.sample_report import SampleReport

hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def clock(now: dt.datetime) -> Callable[[], dt.datetime]:
    return lambda: now


@pytest.fixture
def sample_report() -> Iterator[type[SampleReport]]:
    """The sample report type, registered for one test."""
    with registry.temporarily(SampleReport):
        yield SampleReport


@pytest.fixture
def report_storage(settings: Settings) -> InMemoryStorage:
    """An empty storage for report files."""
    storage = InMemoryStorage()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    storages._storages["default"] = storage
    return storage
