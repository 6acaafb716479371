"""How fast due schedules become reports: in a large table, against bare SQL, and beside an old snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Set

from benchmarks.dispatching.lab import Lab, Run
from benchmarks.dispatching.sizes import Sizes
from benchmarks.dispatching.table import Row, number

KEYS = ("table-size", "sql-bound", "snapshot")


def rows(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:
    """Measure what is wanted."""
    if {"table-size", "sql-bound"} & set(wanted):
        yield from _rates(lab, sizes, wanted)
    if "snapshot" in wanted:
        yield _snapshot(lab, sizes)


def _rates(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:
    small = {"due": sizes.claimed, "total": sizes.small, "batch": sizes.batch}
    runs = {"small": Run(contender="expand", options=small)}
    if "table-size" in wanted:
        runs["large"] = Run(contender="expand", options=small | {"total": sizes.large}, large=True)
    if "sql-bound" in wanted:
        runs["bound"] = Run(contender="sql_bound", options=small)
    rates = {name: figures["rate"] for name, figures in lab.medians(runs).items()}
    due = f"{sizes.claimed:,} due of {{:,}}"
    in_small = due.format(sizes.small)
    if "table-size" in wanted:
        in_large = f"claim rate, {due.format(sizes.large)}"
        yield _ratio("table-size", in_large, in_small, rates["large"], rates["small"], target=0.6)
    if "sql-bound" in wanted:
        what = f"claim rate, {in_small}"
        yield _ratio("sql-bound", what, "one SQL statement a batch", rates["small"], rates["bound"], target=0.3)


def _ratio(key: str, what: str, against: str, rate: float, other: float, *, target: float) -> Row:
    return Row(
        key=key,
        what=what,
        against=against,
        measured=rate / other,
        target=target,
        unit="",
        at_least=True,
        how=f"{number(rate)} against {number(other)} schedules a second",
    )


def _snapshot(lab: Lab, sizes: Sizes) -> Row:
    options = {"due": sizes.snapshot, "total": sizes.snapshot, "batch": sizes.batch, "hold_snapshot": True}
    seconds = lab.medians({"old snapshot": Run(contender="expand", options=options)})["old snapshot"]
    return Row(
        key="snapshot",
        what=f"last batches of {sizes.snapshot:,} due, old snapshot held",
        against="first batches",
        measured=seconds["last"] / seconds["first"],
        target=1.5,
        unit="",
        at_least=False,
        how=f"{number(seconds['last'] * 1000)} ms against {number(seconds['first'] * 1000)} ms a batch",
    )
