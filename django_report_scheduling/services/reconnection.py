"""Writing down what must not be forgotten although the connection to the database broke."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, connections, router

from django_report_scheduling.models import GeneratedReport

logger = logging.getLogger(__name__)

T = TypeVar("T")

WAITS: Final[tuple[float, ...]] = (0, 1, 3, 10)
"""Seconds before each further try: together a restart of the server, and well below the shortest lease."""


def insist(write: Callable[[], T]) -> T:
    """Call ``write``, and again over a new connection when the one it used broke or its transaction was sacrificed.

    The answer to a commit can get lost, so ``write`` has to bear being done twice.

    :raises OperationalError: the database did not come back in time, or the caller is in a transaction.
    """
    connection = connections[router.db_for_write(GeneratedReport)]
    for wait in WAITS:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            logger.warning("The database could not be written to (%s); trying again.", type(error).__name__)
            connection.close()
            time.sleep(wait)
    return write()


def drop_broken_connection() -> None:
    """Close each connection on which something failed and that is no longer usable; the next query opens a new one.

    Where Celery keeps connections from task to task (``CELERY_DB_REUSE_MAX``) it does not look at them in between: one
    that broke would fail every task to come.
    """
    for each in connections.all(initialized_only=True):
        if each.errors_occurred and not each.in_atomic_block:
            if each.is_usable():
                each.errors_occurred = False
            else:
                each.close()
