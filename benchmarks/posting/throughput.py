"""Messages a second: the whole delivery, and a bare loop, by turns, against the same receiver."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import statistics
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from benchmarks.dispatching.table import Row, number
from benchmarks.posting import world
from benchmarks.posting.sides import Side, bare, ours, set_up

TARGET = 0.7
OWN_MILLISECONDS = 4
"""What a bare message costs beside the receiver's own time, roughly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How much is measured.

    :param seconds: that the bare loop takes for a round, roughly.
    :param rounds: of which the median is taken.
    """

    seconds: float = 5.0
    rounds: int = 5

    def messages(self, milliseconds: int) -> int:
        """Return how many messages each process sends in a round to a receiver that takes so long."""
        return max(3, round(self.seconds * 1000 / (milliseconds + OWN_MILLISECONDS)))


QUICK = Effort(seconds=0.1, rounds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One line of the table.

    :param milliseconds: that the receiver takes to answer, once it has read the message.
    :param processes: at work at the same time, each for an account of its own.
    """

    key: str
    what: str
    milliseconds: int
    processes: int = 1


CASES = (
    Case(key="local", what="receiver that answers at once", milliseconds=0),
    Case(key="latency", what="receiver that answers after 20 ms", milliseconds=20),
    Case(key="far", what="receiver that answers after 100 ms", milliseconds=100),
    Case(key="workers", what="receiver that answers after 100 ms, 4 processes", milliseconds=100, processes=4),
)


def rows(effort: Effort) -> Iterator[Row]:
    """Measure each case and yield its line."""
    for case in CASES:
        rates = _measure(case, effort)
        print(f"{case.key}: {', '.join(f'{side} {_listed(each)}' for side, each in rates.items())}", file=sys.stderr)
        our, their = (statistics.median(rates[side]) for side in ("ours", "bare"))
        yield Row(
            key=case.key,
            what=f"throughput, {case.what}",
            against="bare loop, same client and signing",
            measured=our / their,
            target=TARGET,
            unit="",
            at_least=True,
            how=f"{number(our)} against {number(their)} messages a second; {1000 / our - 1000 / their:.1f} ms each",
        )


def _measure(case: Case, effort: Effort) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {"bare": [], "ours": []}
    receiving = [world.account(f"after/{case.milliseconds}") for _process in range(case.processes)]
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(case.processes)
    with ProcessPoolExecutor(case.processes, context, set_up, (barrier,)) as pool:
        for round_number in range(effort.rounds + 1):
            for name, side in (("bare", bare), ("ours", ours)):
                now = dt.datetime.now(dt.UTC)
                number_each = effort.messages(case.milliseconds)
                keys = [world.events(each, number_each, now=now) for each in receiving]
                rate = _rate(pool, side, keys)
                if round_number:  # the first one is for warming up
                    rates[name].append(rate)
    return rates


def _rate(pool: ProcessPoolExecutor, side: Side, keys: Sequence[Sequence[str]]) -> float:
    spans = list(pool.map(side, keys))
    seconds = max(span.ended for span in spans) - min(span.began for span in spans)
    return sum(map(len, keys)) / seconds


def _listed(rates: Sequence[float]) -> str:
    return " ".join(number(rate) for rate in rates)
