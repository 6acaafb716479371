"""A tick that finds nothing to do, in tables that may be large: what it costs the database, day and night."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection

from benchmarks.dispatching import scenario
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.tasks.tick import run_tick

WARM_UP = 5
ACTIVE = "SELECT active_time FROM pg_stat_database WHERE datname = current_database()"


def run(*, total: int, ticks: int) -> dict[str, float]:
    """Measure idle ticks in tables of so many schedules; means over the ticks.

    :returns: ``database_ms``, for which the server says it was at work, commits included; ``client_ms``, for which
        this process waited for the answers of its statements; ``statements``, how many those were.
    """
    scenario.prepare(due=0, total=total)
    for _warming in range(WARM_UP):
        _tick()
    watch = Watch()
    before = active_ms()
    with connection.execute_wrapper(watch):
        for _tick_number in range(ticks):
            _tick()
    return {
        "database_ms": (active_ms() - before) / ticks,
        "client_ms": watch.seconds * 1000 / ticks,
        "statements": watch.statements / ticks,
    }


def active_ms() -> float:
    """Return for how many milliseconds the server has worked on statements in this database, ours alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(ACTIVE)
        (milliseconds,) = cursor.fetchone()
    return float(milliseconds)


class Watch:
    """Counts statements and the seconds until their answers came."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        """Run one statement, as ``execute_wrapper`` asks."""
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.seconds += time.perf_counter() - start
            self.statements += 1


def _tick() -> None:
    result = run_tick(clock=database_now)
    if result.expanded or result.published:
        msg = f"The tick was not idle, so its time says nothing: {result}"
        raise RuntimeError(msg)
