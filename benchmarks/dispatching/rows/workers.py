"""What the workers notice: the cost of a claim and a finish, and messages that they take in vain."""

from __future__ import annotations

from collections.abc import Iterator, Set

from benchmarks.dispatching.lab import Lab, Run
from benchmarks.dispatching.sizes import Sizes
from benchmarks.dispatching.table import Row, number

KEYS = ("worker", "repeats")


def rows(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:
    """Measure what is wanted."""
    if "worker" in wanted:
        run = Run(contender="worker", options={"reports": sizes.worked})
        measured = lab.medians({"worker": run})["worker"]
        yield Row(
            key="worker",
            what="claim + finish of a report, connection reused",
            measured=measured["report_ms"],
            target=8,
            unit=" ms",
            at_least=False,
            how=f"median of {sizes.worked:,} reports; {number(measured['cpu_ms'])} ms of it is CPU of the worker",
        )
    if "repeats" in wanted:
        run = Run(contender="backlog", options={"due": sizes.backlog, "longer": sizes.longer})
        measured = lab.medians({"backlog": run})["backlog"]
        messages, reports, stale = (number(measured[name]) for name in ("messages", "reports", "stale"))
        yield Row(
            key="repeats",
            what=f"repeated messages, backlog {sizes.longer}× as long as the grace",
            measured=100 * (measured["messages"] / measured["reports"] - 1),
            target=1,
            unit=" %",
            at_least=False,
            how=f"{messages} messages for {reports} reports, {stale} of them stale",
        )
