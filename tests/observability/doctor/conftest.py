"""One probe at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from celery import Celery

from django_report_scheduling.observability.doctor import Finding, Probe, examine
from tests.observability.celery_hosts import celery_host

Examined = Callable[[Probe], Finding]


@pytest.fixture
def celery() -> Iterator[Celery]:
    """A Celery app whose messages stay in this process."""
    with celery_host("memory://") as app:
        yield app


@pytest.fixture
def finding() -> Examined:
    """The one finding of a probe."""

    def run(probe: Probe) -> Finding:
        (only,) = examine([probe])
        return only

    return run
