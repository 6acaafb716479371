"""What a tick costs that finds nothing to do."""

from __future__ import annotations

from collections.abc import Iterator, Set

from benchmarks.dispatching.lab import Lab, Run
from benchmarks.dispatching.sizes import Sizes
from benchmarks.dispatching.table import Row, number

KEYS = ("idle",)


def rows(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:  # noqa: ARG001 - all its rows come together
    """Measure idle ticks in both tables."""
    measured = lab.medians(
        {
            "idle small": Run(contender="idle", options={"total": sizes.small, "ticks": sizes.ticks}),
            "idle large": Run(contender="idle", options={"total": sizes.large, "ticks": sizes.ticks}, large=True),
        },
    )
    small, large = measured["idle small"], measured["idle large"]
    yield Row(
        key="idle",
        what=f"idle tick, {sizes.large:,} schedules: database time",
        measured=large["database_ms"],
        target=2,
        unit=" ms",
        at_least=False,
        how=f"{number(large['statements'])} statements; the client waits {number(large['client_ms'])} ms for them",
    )
    yield Row(
        key="idle",
        what=f"idle tick, {sizes.large:,} schedules",
        against=f"{sizes.small:,} schedules",
        measured=large["database_ms"] / small["database_ms"],
        target=1.5,
        unit="",
        at_least=False,
        how=f"{number(large['database_ms'])} ms against {number(small['database_ms'])} ms",
    )
