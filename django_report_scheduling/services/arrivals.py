"""How far the workers have come: the newest time of handing out among the messages that have reached one.

A queue is first in, first out. So when a message that was handed out at ten has reached a worker, one of half past nine
that nobody took is not waiting any more: it is gone. That is the evidence :mod:`.lost_messages` works by. It is taken
from the message itself, not from the row: a row whose message was sent twice may be claimed through the older twin,
and would then claim progress that nobody has made.

One row for each kind of message holds it, written at most once in ``STEP``, so that it costs a worker one cheap query.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import router

from django_report_scheduling.models import Heartbeat
from django_report_scheduling.services.named_locks import NEVER

REPORTS: Final = "arrived: reports"
DELIVERIES: Final = "arrived: deliveries"
STEP: Final = dt.timedelta(seconds=10)
"""Progress smaller than this is not written down."""


def note_arrival(kind: str, *, handed_out: float | None) -> None:
    """Note that a message has reached a worker.

    :param handed_out: the time that the message carries, in seconds since 1970; ``None`` when it says nothing about it.
    """
    if handed_out is None:
        return
    at = dt.datetime.fromtimestamp(handed_out, dt.UTC)
    behind = Heartbeat.objects.using(router.db_for_write(Heartbeat)).filter(name=kind, at__lt=at - STEP)
    # Asked first, because on SQLite even an update of no row waits for the one who writes.
    if behind.exists():
        behind.update(at=at)


def newest_arrival(kind: str) -> dt.datetime:
    """Return when the newest message that has reached a worker was handed out; 1970 when none has."""
    row, _new = Heartbeat.objects.get_or_create(name=kind, defaults={"at": NEVER})
    return row.at
