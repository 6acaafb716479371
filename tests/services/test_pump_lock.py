"""One process hands out at a time; the others wait for it, and leave nothing to it."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from django_report_scheduling.models import Heartbeat
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.pump_lock import PUMP, pump_transaction
from django_report_scheduling.services.queueing import queue_due_reports
from tests.factories import NOW, GeneratedReportFactory

ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only there it can be seen who waits.")


@pytest.mark.django_db
def test_the_row_that_is_the_lock_is_made_when_it_is_missing() -> None:
    for _time in range(2):
        with pump_transaction():
            assert Heartbeat.objects.filter(name=PUMP).count() == 1


def queue_in_a_thread() -> list[Message]:
    try:
        return queue_due_reports(now=NOW, limit=10)
    finally:
        connections.close_all()


def wait_until_somebody_waits(other: Future[Any]) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 60
    with connection.cursor() as cursor:
        while not other.done() and time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.01)


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_tick_hands_out_what_is_due_although_another_process_is_at_it() -> None:
    """A worker passes on the room of its own account again and again; the reports of all others need the tick."""
    report = GeneratedReportFactory()
    with pump_transaction():
        pass

    with ThreadPoolExecutor(1) as threads:
        with pump_transaction():
            tick = threads.submit(queue_in_a_thread)
            wait_until_somebody_waits(tick)
        messages = tick.result(timeout=60)

    assert messages == [Message(str(report.pk), 0, NOW)]
