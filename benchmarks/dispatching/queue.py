"""The queue as Redis holds it: how long it is, what is in it, and how to empty it and nothing else."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from collections.abc import Iterator

import redis

from benchmarks.dispatching.app import QUEUE, REDBEAT_PREFIX
from django_report_scheduling.services.messages import Message

BLOCK = 1000


def client() -> redis.Redis:
    """Connect, past any proxy."""
    return redis.Redis.from_url(os.environ["BENCHMARK_REDIS_URL"])


def length() -> int:
    """Return how many messages wait."""
    return int(client().llen(QUEUE))


def empty() -> None:
    """Delete the waiting messages and the entries of redbeat."""
    connection = client()
    connection.delete(QUEUE)
    for key in connection.scan_iter(f"{REDBEAT_PREFIX}*", count=BLOCK):
        connection.unlink(key)


def expect(number: int) -> None:
    """Stop unless exactly so many messages wait: a contender that skips work is not fast.

    :raises RuntimeError: there are more or fewer.
    """
    found = length()
    if found != number:
        msg = f"{found} messages reached the queue {QUEUE!r} instead of {number}, so the time says nothing."
        raise RuntimeError(msg)


def take() -> Iterator[Message]:
    """Take messages from the head, oldest first, until none is left."""
    connection = client()
    while (raw := connection.rpop(QUEUE)) is not None:
        (report_id, attempt, handed_out), *_rest = json.loads(base64.b64decode(json.loads(raw)["body"]))
        yield Message(report_id, attempt, dt.datetime.fromtimestamp(handed_out, dt.UTC))


def forget() -> None:
    """Delete what the broker keeps about the queue itself."""
    client().delete(f"_kombu.binding.{QUEUE}", f"_kombu.binding_permanent.{QUEUE}")
