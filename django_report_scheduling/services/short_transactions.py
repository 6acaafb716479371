"""Transactions that let go of their rows even when the process that opened them is out of reach.

A ticker or worker whose connection is cut half-open, or whose machine is frozen, leaves a transaction behind that the
database would keep, with all its row locks, until TCP gives the connection up: hours. So each transaction of the tick
and of the claims tells PostgreSQL, for itself alone, how long it may wait and how long it may sit idle.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connections, router, transaction

from django_report_scheduling.models import ReportSchedule

LOCK_TIMEOUT: Final = "10s"
"""How long a statement waits for a row that another transaction holds, or for a table that a migration locks."""
IDLE_TIMEOUT: Final = "60s"
"""How long the process may do something else between two statements; a batch needs less than a second."""
SET_LIMITS: Final = (
    f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true),"
    f" set_config('idle_in_transaction_session_timeout', '{IDLE_TIMEOUT}', true)"
)
SET_FORGETTABLE: Final = ", set_config('synchronous_commit', 'off', true)"


@contextmanager
def short_transaction(*, forgettable: bool = False) -> Iterator[None]:
    """Open a transaction, on the database our rows are written to, that PostgreSQL ends when its owner has vanished.

    The limits hold for this transaction alone (``SET LOCAL``), so they are safe behind a pooler that shares sessions
    between transactions. Inside a transaction of the caller, and on other databases, nothing but a savepoint is added.

    :param forgettable: the commit does not wait for the disk; a crash of the database may take back its last moments.
    :raises django.db.OperationalError: a lock was not to be had in time. Whoever runs on a clock logs it and leaves
        the work to its next turn. A transaction that was ended for sitting idle shows at its next statement, as some
        :class:`django.db.Error`; nothing of it is stored.
    """
    alias = router.db_for_write(ReportSchedule)
    connection = connections[alias]
    limited = connection.vendor == "postgresql" and not connection.in_atomic_block
    with transaction.atomic(using=alias):
        if limited:
            with connection.cursor() as cursor:
                cursor.execute(SET_LIMITS + SET_FORGETTABLE if forgettable else SET_LIMITS)
        yield
