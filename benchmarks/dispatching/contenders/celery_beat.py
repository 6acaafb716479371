"""django-celery-beat: its real ``DatabaseScheduler`` ticks until every due row of ``PeriodicTask`` was sent.

In its favour: the rows are loaded before the clock starts; they are plain intervals, its cheapest schedule; and they
are written back only when it asks for that itself (every three minutes), as beat's own loop does.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import asdict

from django.utils.timezone import now
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks
from django_celery_beat.schedulers import DatabaseScheduler

from benchmarks.dispatching import queue
from benchmarks.dispatching.app import TASK, app
from benchmarks.dispatching.meter import measured

BLOCK = 5000


def run(*, due: int, sample: int) -> dict[str, float]:
    """Measure ticks from due rows to messages in the queue.

    :param sample: time no more than the first so many messages, and scale. Each compares all rows, so they cost alike.
    """
    queue.empty()
    fill(due=due)
    scheduler = DatabaseScheduler(app=app)
    assert len(scheduler.schedule) == due
    wanted, connection = min(due, sample), queue.client()
    with measured() as cost:
        while (sent := connection.llen(queue.QUEUE)) < wanted:
            _tick(scheduler, times=max(1, wanted // 100))
    if wanted == due:
        queue.expect(due)
    queue.empty()
    PeriodicTask.objects.all().delete()
    return asdict(cost) | {"wall": cost.wall * due / sent, "cpu": cost.cpu * due / sent}


def _tick(scheduler: DatabaseScheduler, *, times: int) -> None:
    for _time in range(times):
        if scheduler.tick() > 0:
            return
        if scheduler.should_sync():
            scheduler._do_sync()  # noqa: SLF001 - as celery.beat.Service does


def fill(*, due: int) -> None:
    """Make so many tasks that run once a day and ran last two days ago."""
    PeriodicTask.objects.all().delete()
    daily, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.DAYS)
    last = now() - dt.timedelta(days=2)
    PeriodicTask.objects.bulk_create(
        (
            PeriodicTask(
                name=f"Weekly summary {number}",
                task=TASK,
                interval=daily,
                args=json.dumps([str(uuid.uuid4()), 0]),
                last_run_at=last,
                date_changed=last,
            )
            for number in range(due)
        ),
        batch_size=BLOCK,
    )
    PeriodicTasks.update_changed()
