"""The two measurements: the price beside the baseline, and what fifty people feel."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.dispatching.table import Row
from benchmarks.serving.managers import Manager
from benchmarks.serving.people import Person, Times, at_once

CONCURRENCY = 4
TARGETS = {"list": 1.5, "retrieve": 1.5}
P95 = 0.3
"""Seconds within which 95 of 100 answers have to come while fifty people are at work."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """How long is measured.

    :param requests: of each kind, person and round.
    :param rounds: ours and the baseline in turn.
    :param people: who are at work at the same time.
    :param seconds: for which they are.
    :param pause: seconds that each of them thinks between two requests.
    """

    requests: int = 50
    rounds: int = 5
    people: int = 50
    seconds: float = 60
    pause: float = 1.0


QUICK = Effort(requests=3, rounds=1, people=4, seconds=2, pause=0.1)


def beside_bare(managers: Sequence[Manager], effort: Effort, *, port: int) -> tuple[list[Row], Times, Times]:
    """Measure the same requests on both sides, in turn, so that what else the machine does hits both alike."""
    ours, bare = _people(managers[:CONCURRENCY], port, "/api/v1/"), _people(managers[:CONCURRENCY], port, "/bare/")
    for side in (ours, bare):
        at_once(side, lambda person: _crud(person, 3))
        for person in side:
            person.times.clear()
    for _round in range(effort.rounds):
        for side in (ours, bare):
            at_once(side, lambda person: _crud(person, effort.requests))
    at_once(ours, lambda person: _repeat(person.download, effort.requests * effort.rounds))
    our_times, bare_times = _together(ours), _together(bare)
    return [_ratio(name, our_times[name], bare_times[name]) for name in TARGETS], our_times, bare_times


def many_people(managers: Sequence[Manager], effort: Effort, *, port: int) -> tuple[list[Row], Times, float]:
    """Let many people work on everything with pauses; the third value is the seconds it took."""
    people = _people(managers[: effort.people], port, "/api/v1/")

    def work(person: Person) -> None:
        until = time.monotonic() + effort.seconds
        verbs = (person.list, person.retrieve, person.patch, person.create_and_delete, person.download)
        time.sleep(effort.pause * managers.index(person.manager) / len(people))
        while time.monotonic() < until:
            for verb in verbs:
                verb()
                time.sleep(effort.pause)

    took = at_once(people, work)
    times = _together(people)
    rows = [
        Row(
            key=f"p95-{name}",
            what=f"{name}, p95 with {len(people)} people at work",
            measured=percentile(times[name], 95) * 1000,
            target=P95 * 1000,
            unit=" ms",
            at_least=False,
            how=f"{len(times[name])} requests",
        )
        for name in ("list", "retrieve", "create", "patch", "delete", "download")
    ]
    return rows, times, took


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def table(title: str, times: Times) -> Iterator[str]:
    """Lines of p50, p95, p99 and how many a second one connection gets, for each kind of request."""
    yield f"{title:<24}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'1/s each':>10}"
    for name, seconds in times.items():
        figures = [percentile(seconds, percent) * 1000 for percent in (50, 95, 99)]
        yield (
            f"{name:<24}" + "".join(f"{figure:>9.1f}" for figure in figures) + f"{1 / statistics.fmean(seconds):>10.1f}"
        )


def _crud(person: Person, times: int) -> None:
    for verb in (person.list, person.retrieve, person.patch, person.create_and_delete):
        _repeat(verb, times)


def _repeat(verb: object, times: int) -> None:
    for _time in range(times):
        verb()  # type: ignore[operator]


def _people(managers: Sequence[Manager], port: int, prefix: str) -> list[Person]:
    return [Person(manager, port=port, prefix=prefix) for manager in managers]


def _together(people: Sequence[Person]) -> Times:
    names = dict.fromkeys(name for person in people for name in person.times)
    return {name: [seconds for person in people for seconds in person.times[name]] for name in names}


def _ratio(name: str, ours: Sequence[float], bare: Sequence[float]) -> Row:
    our_median, bare_median = statistics.median(ours), statistics.median(bare)
    return Row(
        key=name,
        what=f"{name}, median at {CONCURRENCY} connections",
        against="bare ModelViewSet",
        measured=our_median / bare_median,
        target=TARGETS[name],
        unit="×",
        at_least=False,
        how=f"{our_median * 1000:.1f} against {bare_median * 1000:.1f} ms",
    )
