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

from django_report_scheduling.conf import conf
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.heartbeats import TICK, beat
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_deliveries, queue_due_reports, requeue_lost_reports
from django_report_scheduling.services.rescue import rescue_deliveries, rescue_reports
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.publishing import publish_deliveries, publish_reports

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


@dataclass(kw_only=True, slots=True)
class Pump:
    """Publishes what has been marked, and counts both."""

    marked: int = 0
    published: int = 0

    def publish(self, to_broker: Callable[[list[Message]], int], messages: list[Message]) -> int:
        """Publish messages whose rows are marked and committed; returns how many the broker took."""
        taken = to_broker(messages)
        self.marked += len(messages)
        self.published += taken
        return taken


@shared_task(name=names.TICK, ignore_result=True)
def tick() -> None:
    """Run one tick by the database's clock."""
    run_tick(clock=database_now)


def run_tick(*, clock: Callable[[], dt.datetime]) -> TickResult:
    """Run one tick and return what it did.

    :param clock: returns the current time, aware.
    """
    size = conf.TICK_BATCH_SIZE
    beat(TICK, now=clock())
    expanded = _drain(lambda: expand_due_schedules(now=clock(), limit=size))
    rescued = _drain(lambda: rescue_reports(now=clock(), limit=size))
    rescued += _drain(lambda: rescue_deliveries(now=clock(), limit=size))
    pump = Pump()
    _drain(lambda: pump.publish(publish_reports, requeue_lost_reports(now=clock(), limit=size)))
    _drain(lambda: pump.publish(publish_reports, queue_due_reports(now=clock(), limit=size)))
    _drain(lambda: pump.publish(publish_deliveries, queue_due_deliveries(now=clock(), limit=size)))
    result = TickResult(
        expanded=expanded, rescued=rescued, published=pump.published, unpublished=pump.marked - pump.published
    )
    if expanded or rescued or pump.marked:
        logger.info("Tick: %d schedules due, %d rescued, %d messages published.", expanded, rescued, pump.published)
    return result


def _drain(step: Callable[[], int]) -> int:
    """Repeat a step while it fills whole batches; returns the sum."""
    total = 0
    while (done := step()) >= conf.TICK_BATCH_SIZE:
        total += done
    return total + done
