"""The first part of a tick alone, batch by batch: how fast due schedules become reports.

With ``hold_snapshot`` another connection keeps an old snapshot open all the while, as a long query or a backup does:
no dead row version can be cleared away, and every batch has to find its way past those that the ones before it left.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import pairwise

import psycopg
from django.db import connection

from benchmarks.dispatching import scenario
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.expansion import expand_all_due

ENDS = 10
"""Batches at each end that are compared; a median of them, because the machine does other things too."""


def run(*, due: int, total: int, batch: int, hold_snapshot: bool = False) -> dict[str, float]:
    """Measure the expansion of so many due schedules in a table of so many; the first batch only warms up.

    :returns: ``rate``, schedules a second, and the seconds of the ``first`` and the ``last`` batches.
    """
    scenario.prepare(due=due, total=total)
    watch = Watch()
    with old_snapshot() if hold_snapshot else nullcontext():
        done = expand_all_due(clock=watch, batch_size=batch)
    if done != due:
        msg = f"{done} schedules were expanded instead of {due}, so the time says nothing."
        raise RuntimeError(msg)
    seconds = watch.seconds[1:]
    return {
        "rate": len(seconds) * batch / sum(seconds),
        "first": statistics.median(seconds[:ENDS]),
        "last": statistics.median(seconds[-ENDS:]),
    }


class Watch:
    """The database's clock, which an expansion asks once for each batch: that tells how long each took."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    def __call__(self) -> dt.datetime:
        """Return the time, and note that a batch begins."""
        self.asked.append(time.perf_counter())
        return database_now()

    @property
    def seconds(self) -> list[float]:
        """How long each full batch took; the last one, which found nothing, only ends the one before."""
        return [end - begin for begin, end in pairwise(self.asked)]


@contextmanager
def old_snapshot() -> Iterator[None]:
    """Hold a snapshot of the database open on a connection of its own."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute(f"SELECT 1 FROM {ReportSchedule._meta.db_table} LIMIT 1")
        yield
        other.rollback()
