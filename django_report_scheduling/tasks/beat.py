"""The two static beat entries. They register themselves, so that a host has nothing to set up."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from celery import Celery
from celery.schedules import crontab

from django_report_scheduling.conf import conf
from django_report_scheduling.tasks import names

PURGE_SCHEDULE: Final = crontab(hour="3", minute="17")
EXPIRES_WITHOUT_INTERVAL: Final = 60


def register_beat_entries(app: Celery) -> None:
    """Add the tick and the purge to an app's beat schedule."""
    schedule = conf.TICK_SCHEDULE
    expires = _seconds(schedule)
    _add(app, names.TICK, schedule, expires=expires)
    _add(app, names.PURGE, PURGE_SCHEDULE, expires=3600)


def _add(app: Celery, name: str, schedule: Any, **options: Any) -> None:
    queue = conf.QUEUES.get(name)
    if queue:
        options["queue"] = queue
    app.add_periodic_task(schedule, app.signature(name, options=options), name=name)


def _seconds(schedule: Any) -> float:
    # A tick that waited longer than until the next one has nothing to add to it.
    if isinstance(schedule, dt.timedelta):
        return schedule.total_seconds()
    return float(schedule) if isinstance(schedule, int | float) else EXPIRES_WITHOUT_INTERVAL
