"""celery-redbeat: its real ``RedBeatScheduler`` ticks over entries in Redis.

In its favour: plain intervals, its cheapest schedule, and no lock to keep other instances out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict

from celery.schedules import schedule
from redbeat.schedulers import RedBeatScheduler, RedBeatSchedulerEntry

from benchmarks.dispatching import queue
from benchmarks.dispatching.app import TASK, app
from benchmarks.dispatching.meter import measured


def run(*, due: int) -> dict[str, float]:
    """Measure ticks from due entries to messages in the queue."""
    queue.empty()
    fill(due=due)
    scheduler = RedBeatScheduler(app=app)
    connection = queue.client()
    with measured() as cost:
        while connection.llen(queue.QUEUE) < due:
            scheduler.tick()
    queue.expect(due)
    queue.empty()
    return asdict(cost)


def fill(*, due: int) -> None:
    """Make so many entries that run once a day and ran last two days ago."""
    last = dt.datetime.now(dt.UTC) - dt.timedelta(days=2)
    daily = schedule(dt.timedelta(days=1), app=app)
    for number in range(due):
        RedBeatSchedulerEntry(
            name=f"Weekly summary {number}",
            task=TASK,
            schedule=daily,
            args=[str(uuid.uuid4()), 0],
            last_run_at=last,
            app=app,
        ).save()
