"""Only one process at a time hands messages out, so that the limits on what is handed out are exact.

Two that counted at the same moment would each see the same room and fill it twice. The lock is the row of a heartbeat,
which every database has that has row locks at all; where there are none the transaction itself is the lock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections, router

from django_report_scheduling.models import Heartbeat
from django_report_scheduling.services.short_transactions import short_transaction

PUMP: Final = "pump"
NEVER: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The time on a heartbeat that exists and has not beaten yet."""


@contextmanager
def pump_transaction(*, wait: bool) -> Iterator[bool]:
    """Open a short transaction and say whether this process may hand out messages in it.

    :param wait: for the one that is at it, which takes milliseconds; otherwise the work is left to that one.
    :raises django.db.OperationalError: waiting took too long.
    """
    with short_transaction():
        yield _hold(wait=wait)


def _hold(*, wait: bool) -> bool:
    if _lock(wait=wait):
        return True
    if Heartbeat.objects.filter(name=PUMP).exists():
        return False
    Heartbeat.objects.get_or_create(name=PUMP, defaults={"at": NEVER})
    return _lock(wait=wait)


def _lock(*, wait: bool) -> bool:
    rows = Heartbeat.objects.filter(name=PUMP)
    features = connections[router.db_for_write(Heartbeat)].features
    if features.has_select_for_update:
        rows = rows.select_for_update(skip_locked=not wait and features.has_select_for_update_skip_locked)
    return rows.first() is not None
