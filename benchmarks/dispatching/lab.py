"""Where the contenders run: each measurement in a process of its own, in turns, on the same servers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from benchmarks.dispatching import servers
from benchmarks.dispatching.child import PREFIX
from benchmarks.dispatching.figures import medians


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One measurement.

    :param contender: a module in ``contenders``.
    :param options: what its ``run`` is called with.
    :param large: in the database that keeps the large table.
    :param distant: with the broker a millisecond further away in each direction.
    """

    contender: str
    options: Mapping[str, Any] = field(default_factory=dict)
    large: bool = False
    distant: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lab:
    """The servers, ready."""

    database_url: str
    large_database_url: str
    redis_url: str
    rounds: int

    def medians(self, runs: Mapping[str, Run]) -> dict[str, dict[str, float]]:
        """Run them all, round by round and each round in turn, so that a busy moment hits all alike."""
        figures: dict[str, list[dict[str, float]]] = {name: [] for name in runs}
        for number in range(1, self.rounds + 1):
            for name, run in runs.items():
                start = time.perf_counter()
                figures[name].append(self.measure(run))
                _tell(f"round {number}/{self.rounds}: {name}, {time.perf_counter() - start:.0f} s")
        return {name: medians(measured) for name, measured in figures.items()}

    def measure(self, run: Run) -> dict[str, float]:
        """Run one in a process of its own and return its figures.

        :raises RuntimeError: it failed; the text says what it printed.
        """
        with ExitStack() as stack:
            broker_url = stack.enter_context(servers.distant(self.redis_url)) if run.distant else self.redis_url
            output = _python(
                ["-m", "benchmarks.dispatching.child", run.contender, json.dumps(run.options)],
                self.large_database_url if run.large else self.database_url,
                broker_url=broker_url,
                redis_url=self.redis_url,
            )
        figures: dict[str, float] = json.loads(output.rpartition(PREFIX)[2])
        return figures


@contextmanager
def opened(*, server_url: str, redis_url: str, rounds: int) -> Iterator[Lab]:
    """Make the databases, and leave nothing behind.

    :raises Missing: something that is needed is not there.
    """
    servers.check_redis(redis_url)
    name = f"dispatch_benchmark_{os.getpid()}"
    with ExitStack() as stack:
        url = stack.enter_context(servers.database(server_url, name))
        _python(["-m", "django", "migrate", "--verbosity", "0"], url, broker_url=redis_url, redis_url=redis_url)
        large = stack.enter_context(servers.database(server_url, f"{name}_large", template=name))
        lab = Lab(database_url=url, large_database_url=large, redis_url=redis_url, rounds=rounds)
        try:
            yield lab
        finally:
            lab.measure(Run(contender="nothing"))


def _python(arguments: list[str], database_url: str, *, broker_url: str, redis_url: str) -> str:
    environment = os.environ | {
        "BENCHMARK_DATABASE_URL": database_url,
        "BENCHMARK_BROKER_URL": broker_url,
        "BENCHMARK_REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.dispatching.settings",
        "PYTHONPATH": str(servers.ROOT),
    }
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=environment, cwd=servers.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"{' '.join(arguments)} failed with exit code {done.returncode}:\n{done.stdout}{done.stderr}"
        raise RuntimeError(msg)
    return done.stdout


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
