"""Running the command as an operator does."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from celery import Celery
from django.core.management import call_command

from django_report_scheduling.models import ReportSchedule
from tests.factories import ReportScheduleFactory
from tests.observability.celery_hosts import celery_host


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True)
class Output:
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Run = Callable[..., Output]


@pytest.fixture
def run() -> Run:
    """``run("tick", "--loop")`` is ``manage.py report_scheduling tick --loop``."""

    def report_scheduling(*arguments: object, terminal: bool = False) -> Output:
        out, err = io.StringIO(), Terminal() if terminal else io.StringIO()
        call_command("report_scheduling", *map(str, arguments), stdout=out, stderr=err, no_color=True)
        return Output(out.getvalue(), err.getvalue())

    return report_scheduling


@pytest.fixture
def celery() -> Iterator[Celery]:
    """A Celery app whose messages stay in this process."""
    with celery_host("memory://") as app:
        yield app


@pytest.fixture
def schedule(sample_report, report_storage, db) -> ReportSchedule:
    """Every Monday 08:00 in Berlin, as JSON to one client."""
    return ReportScheduleFactory()
