"""Work over a second connection to the database, and the moment at which it waits for the first."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from django.db import connection, connections

T = TypeVar("T")

PATIENCE = 60
"""Seconds after which a test gives up; nothing is proved by how long anything takes."""
LOCKED_OUT = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def closing(work: Callable[[], T]) -> Callable[[], T]:
    """Have a thread leave no connection behind, which would keep the database from being dropped."""

    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def wait_until_it_waits(other: Future[Any]) -> None:
    """Return once somebody waits for a lock, or the other one has come to its end without."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while not other.done() and time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(LOCKED_OUT)
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.01)
