"""Locks that stand for no row of anybody's: work that only one process at a time may do.

The lock is the row of a heartbeat, which every database has that has row locks at all; where there are none the
transaction itself is the lock.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connections, router

from django_report_scheduling.models import Heartbeat

NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The time on a heartbeat that exists and has not beaten yet."""


def make_lock(name: str) -> None:
    """See to it that the lock exists.

    In a transaction of its own, before the one that takes it: on MySQL, those who came second with the row would keep
    each other from locking it.
    """
    Heartbeat.objects.get_or_create(name=name, defaults={"at": NEVER})


def take_lock(name: str) -> bool:
    """Wait for the lock, and keep it until the end of the caller's transaction; ``False`` where it does not exist."""
    rows = Heartbeat.objects.using(router.db_for_write(Heartbeat)).filter(name=name)
    if connections[rows.db].features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.first() is not None
