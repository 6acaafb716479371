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
def pump_transaction() -> Iterator[None]:
    """Open a short transaction in which no other process hands out messages.

    Whoever is at it needs some milliseconds, so the others wait. A tick does not leave its work to that one either: it
    may be a worker that hands out the reports of a single account, and where many of them do, one always is.

    :raises django.db.OperationalError: waiting took too long.
    """
    with short_transaction():
        if _lock():
            yield
            return
    # The very first time. In a transaction of its own: on MySQL, those who came second with the row would keep each
    # other from locking it.
    Heartbeat.objects.get_or_create(name=PUMP, defaults={"at": NEVER})
    with short_transaction():
        _lock()
        yield


def _lock() -> bool:
    rows = Heartbeat.objects.using(router.db_for_write(Heartbeat)).filter(name=PUMP)
    if connections[rows.db].features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.first() is not None
