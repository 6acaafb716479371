"""What a receiver that never answers costs another account, with a worker of two processes."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from benchmarks.dispatching.table import Row
from benchmarks.posting import world
from benchmarks.posting.receiver import NEVER
from benchmarks.posting.world import Receiving
from benchmarks.serving.measuring import percentile
from django_report_scheduling.models import Delivery

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 2
TARGET = 2.0
PATIENCE = 120
"""Seconds after which a delivery that did not arrive will not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How much is measured.

    :param events: of the account whose latency counts, with and without its neighbour.
    :param pause: seconds between two of them.
    :param slow: events that wait for the receiver that never answers.
    """

    events: int = 200
    pause: float = 0.1
    slow: int = 10_000


QUICK = Effort(events=5, slow=20)


def rows(effort: Effort) -> Iterator[Row]:
    """Measure one account alone, then beside the other, and yield both lines."""
    quick, slow = world.account("after/0"), world.account(NEVER)
    with _worker():
        _tell(quick, 5, pause=0)
        alone = _tell(quick, effort.events, pause=effort.pause)
        world.events(slow, effort.slow, now=_now())
        _dispatch(slow)
        _wait_until(lambda: _number(slow, "sending") == 1)
        beside = _tell(quick, effort.events, pause=effort.pause)
        arrived = _number(slow, "sent")
    if arrived:
        msg = f"{arrived} events reached the receiver that never answers, so the time says nothing."
        raise RuntimeError(msg)
    for percent in (50, 95):
        before, after = percentile(alone, percent) * 1000, percentile(beside, percent) * 1000
        yield Row(
            key=f"neighbour-p{percent}",
            what=f"latency p{percent} beside {effort.slow:,} events for a receiver that never answers",
            against="the same account alone",
            measured=after / before,
            target=TARGET,
            unit="×",
            at_least=False,
            how=f"{after:.0f} against {before:.0f} ms, {PROCESSES} processes",
        )


def _tell(receiving: Receiving, number: int, *, pause: float) -> list[float]:
    """Let events happen, and return for each the seconds until the receiver had it."""
    keys = []
    for _event in range(number):
        keys += world.events(receiving, 1, now=_now())
        _dispatch(receiving)
        time.sleep(pause)
    _wait_until(lambda: Delivery.objects.filter(pk__in=keys, status="sent").count() == number)
    times = Delivery.objects.filter(pk__in=keys).values_list("created_at", "sent_at")
    return [(sent - created).total_seconds() for created, sent in times if sent is not None]


def _dispatch(receiving: Receiving) -> None:
    from django_report_scheduling.tasks.publishing import dispatch_deliveries_to  # noqa: PLC0415 - after the Celery app

    dispatch_deliveries_to(receiving.endpoint.pk)


def _number(receiving: Receiving, status: str) -> int:
    return Delivery.objects.filter(webhook=receiving.endpoint, status=status).count()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            msg = f"What the benchmark waits for did not happen within {PATIENCE} s; the worker's errors stand above."
            raise RuntimeError(msg)
        time.sleep(0.05)


@contextmanager
def _worker() -> Iterator[None]:
    """Run a real worker, and leave nothing of it behind, in Redis neither."""
    from benchmarks.posting.celery_app import app  # noqa: PLC0415 - reads the environment

    command = [sys.executable, "-m", "celery", "-A", "benchmarks.posting.celery_app", "worker", "--loglevel=ERROR"]
    options = ["--concurrency", str(PROCESSES), "--without-mingle", "--without-gossip", "--without-heartbeat"]
    quiet: dict[str, int] = {"stdout": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen([*command, *options], cwd=ROOT, env=os.environ, **quiet) as process:  # type: ignore[call-overload]
        try:
            yield
        finally:
            # It may be waiting for the receiver that never answers.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            app.pool.force_close_all()
            _forget(os.environ["BENCHMARK_BROKER_URL"])


def _forget(url: str) -> None:
    from benchmarks.posting.celery_app import PREFIX  # noqa: PLC0415 - as above

    connection = redis.Redis.from_url(url)
    keys: Sequence[bytes] = list(connection.scan_iter(f"{PREFIX}*"))
    if keys:
        connection.delete(*keys)
