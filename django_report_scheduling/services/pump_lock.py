"""Only one process at a time hands messages out, so that the limits on what is handed out are exact.

Two that counted at the same moment would each see the same room and fill it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django_report_scheduling.services.named_locks import make_lock, take_lock
from django_report_scheduling.services.short_transactions import short_transaction

PUMP: Final = "pump"


@contextmanager
def pump_transaction() -> Iterator[None]:
    """Open a short transaction in which no other process hands out messages.

    Whoever is at it needs some milliseconds, so the others wait. A tick does not leave its work to that one either: it
    may be a worker that hands out the reports of a single account, and where many of them do, one always is.

    :raises django.db.OperationalError: waiting took too long.
    """
    with short_transaction():
        if take_lock(PUMP):
            yield
            return
    make_lock(PUMP)  # the very first time
    with short_transaction():
        take_lock(PUMP)
        yield
