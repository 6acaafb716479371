"""What handing messages to the broker costs, near and far."""

from __future__ import annotations

from collections.abc import Iterator, Set

from benchmarks.dispatching.lab import Lab, Run
from benchmarks.dispatching.sizes import Sizes
from benchmarks.dispatching.table import Row, number

KEYS = ("publish-cpu", "round-trip")
AGAINST = "plain apply_async"


def rows(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:
    """Measure what is wanted."""
    if "publish-cpu" in wanted:
        ours, plain = _both(lab, sizes.messages, distant=False)
        yield Row(
            key="publish-cpu",
            what=f"CPU of publishing {sizes.messages:,} messages",
            against=AGAINST,
            measured=ours["cpu"] / plain["cpu"],
            target=0.6,
            unit="",
            at_least=False,
            how=f"{number(ours['cpu'])} s against {number(plain['cpu'])} s of CPU",
        )
    if "round-trip" in wanted:
        ours, plain = _both(lab, sizes.distant_messages, distant=True)
        far = number(plain["round_trip_ms"])
        yield Row(
            key="round-trip",
            what=f"publishing {sizes.distant_messages:,} messages, round trip 2 ms",
            against=AGAINST,
            measured=plain["wall"] / ours["wall"],
            target=8,
            unit="×",
            at_least=True,
            how=f"{number(ours['wall'])} s against {number(plain['wall'])} s; round trip {far} ms",
        )


def _both(lab: Lab, messages: int, *, distant: bool) -> tuple[dict[str, float], dict[str, float]]:
    where = "far" if distant else "near"
    measured = lab.medians(
        {
            f"{name}, {where}": Run(
                contender="publish", options={"messages": messages, "plain": plain}, distant=distant
            )
            for name, plain in (("publish", False), ("apply_async", True))
        },
    )
    return measured[f"publish, {where}"], measured[f"apply_async, {where}"]
