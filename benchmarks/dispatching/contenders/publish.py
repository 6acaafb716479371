"""Handing messages to the broker: as the package does it, or one plain ``apply_async`` after the other."""

from __future__ import annotations

import datetime as dt
import statistics
import time
import uuid
from dataclasses import asdict

from benchmarks.dispatching import queue
from benchmarks.dispatching.app import TASK, app
from benchmarks.dispatching.meter import measured
from django_report_scheduling.conf import conf
from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks.publishing import publish_reports

NOW = dt.datetime.now(dt.UTC)
WARM_UP = 20
PINGS = 50


def run(*, messages: int, plain: bool) -> dict[str, float]:
    """Measure so many messages, over a connection that has been used before.

    :returns: the cost, and ``round_trip_ms`` of a command to the broker, which a proxy may have prolonged.
    """
    queue.empty()
    way = publish_plainly if plain else publish_in_batches
    way(_messages(WARM_UP))
    queue.empty()
    waiting = _messages(messages)
    with measured() as cost:
        way(waiting)
    queue.expect(messages)
    queue.empty()
    return asdict(cost) | {"round_trip_ms": _round_trip() * 1000}


def publish_plainly(messages: list[Message]) -> None:
    """Send each as Celery's documentation shows, with the arguments and limits that the package sends too."""
    task = app.tasks[TASK]
    limits = {"soft_time_limit": conf.SOFT_TIME_LIMIT, "time_limit": conf.TIME_LIMIT}
    for message in messages:
        task.apply_async(args=(message.id, message.attempt, NOW.timestamp()), **limits)


def publish_in_batches(messages: list[Message]) -> None:
    """Send them as a tick does, so many at a time."""
    size = conf.TICK_BATCH_SIZE
    for start in range(0, len(messages), size):
        publish_reports(messages[start : start + size])


def _messages(number: int) -> list[Message]:
    return [Message(str(uuid.uuid4()), 0, NOW) for _number in range(number)]


def _round_trip() -> float:
    with app.connection_for_write() as connection:
        client = connection.default_channel.client
        return statistics.median(_ping(client) for _number in range(PINGS))


def _ping(client: object) -> float:
    start = time.perf_counter()
    client.ping()  # type: ignore[attr-defined]
    return time.perf_counter() - start
