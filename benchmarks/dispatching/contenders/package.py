"""The package itself: one tick that finds so many schedules due."""

from __future__ import annotations

from dataclasses import asdict

from benchmarks.dispatching import queue, scenario
from benchmarks.dispatching.meter import measured
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.tasks.tick import run_tick

WARM_UP = 1000


def run(*, due: int) -> dict[str, float]:
    """Measure a tick from due schedules to messages in the queue, in a process that has ticked before."""
    queue.empty()
    scenario.fill(due=min(due, WARM_UP))
    run_tick(clock=database_now)
    queue.empty()
    scenario.fill(due=due)
    with measured() as cost:
        run_tick(clock=database_now)
    queue.expect(due)
    queue.empty()
    return asdict(cost)
