"""One tick: what is due becomes reports, what was lost is taken back, what waits is published.

Any number of ticks may run at once, and any of them may die at any line: each part is a short transaction of its own,
and publishing comes after the commit of what it publishes.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import shared_task
from django.db import Error

from django_report_scheduling.conf import conf
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.expansion import expand_all_due
from django_report_scheduling.services.heartbeats import TICK, beat
from django_report_scheduling.services.reconnection import drop_broken_connection
from django_report_scheduling.services.rescue import rescue_deliveries, rescue_reports
from django_report_scheduling.services.waiting_work import anything_waits
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.pump import Pump

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class TickResult:
    """What one tick did."""

    expanded: int
    """Schedules that were due."""
    rescued: int
    """Reports and deliveries taken back from workers that vanished."""
    published: int
    """Messages that the broker took."""
    unpublished: int = 0
    """Messages that it did not take; they are sent again when they count as lost."""


@shared_task(name=names.TICK, ignore_result=True)
def tick() -> None:
    """Run one tick by the database's clock."""
    drop_broken_connection()
    run_tick(clock=database_now)


def run_tick(*, clock: Callable[[], dt.datetime]) -> TickResult:
    """Run one tick and return what it did.

    A part that fails, because a lock was not to be had in time or the connection broke, is logged by its name, and the
    others have their turn all the same.

    :param clock: returns the current time, aware.
    :raises django.db.Error: the first failure of a part, after all have had their turn. What the others did stands.
    """
    size, pump, parts, now = conf.TICK_BATCH_SIZE, Pump(clock=clock), Parts(), clock()
    beat(TICK, now=now)
    if not anything_waits(now=now):
        return TickResult(expanded=0, rescued=0, published=0)
    expanded = parts.run("expanding schedules", lambda: expand_all_due(clock=clock, batch_size=size))
    rescued = parts.run("rescuing reports", lambda: _drain(lambda: rescue_reports(now=clock(), limit=size)))
    rescued += parts.run("rescuing deliveries", lambda: _drain(lambda: rescue_deliveries(now=clock(), limit=size)))
    parts.run("sending reports", pump.reports)
    parts.run("sending deliveries", pump.deliveries)
    result = TickResult(
        expanded=expanded, rescued=rescued, published=pump.published, unpublished=pump.marked - pump.published
    )
    if expanded or rescued or pump.marked:
        logger.info("Tick: %d schedules due, %d rescued, %d messages published.", expanded, rescued, pump.published)
    if parts.failure is not None:
        raise parts.failure
    return result


@dataclass(kw_only=True, slots=True)
class Parts:
    """Runs the parts of a tick, each whatever became of the others."""

    failure: Error | None = None
    """The first failure."""

    def run(self, name: str, part: Callable[[], int | None]) -> int:
        """Run a part and return its number, 0 when it failed."""
        try:
            return part() or 0
        except Error as error:
            self.failure = self.failure or error
            logger.error(  # noqa: TRY400  # it is raised in the end, with its traceback
                "Tick: %s failed (%s: %s); the next tick tries again.", name, type(error).__name__, error
            )
            drop_broken_connection()
        return 0


def _drain(step: Callable[[], int]) -> int:
    """Repeat a step while it fills whole batches; returns the sum."""
    total = 0
    while (done := step()) >= conf.TICK_BATCH_SIZE:
        total += done
    return total + done
