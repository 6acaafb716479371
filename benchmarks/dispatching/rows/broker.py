"""From due schedules to messages in the broker: the package, the two beats, and a plain loop."""

from __future__ import annotations

from collections.abc import Iterator, Set

from benchmarks.dispatching.figures import extrapolated
from benchmarks.dispatching.lab import Lab, Run
from benchmarks.dispatching.sizes import Sizes
from benchmarks.dispatching.table import Row, number

KEYS = ("celery-beat", "redbeat", "orm-loop", "memory")
CELERY_BEAT_TARGETS = (30, 70, 400)

Measured = dict[str, dict[str, float]]


def rows(lab: Lab, sizes: Sizes, wanted: Set[str]) -> Iterator[Row]:
    """Measure what is wanted, size by size."""
    measured: Measured = {}
    for due in (due for due in sizes.due if due <= sizes.largest):
        measured |= lab.medians(_runs(due, sizes, wanted))
        if "celery-beat" in wanted:
            yield _celery_beat(due, sizes, measured)
        if "redbeat" in wanted:
            wall = measured[f"redbeat {due}"]["wall"]
            yield _faster("redbeat", "celery-redbeat", due, measured, target=3, other=wall)
        if "orm-loop" in wanted and due == sizes.due[1]:
            yield _orm_loop(due, measured)
        if "memory" in wanted and due == sizes.due[2]:
            yield _memory(due, measured)


def _runs(due: int, sizes: Sizes, wanted: Set[str]) -> dict[str, Run]:
    low, middle, high = sizes.due
    rows_at = {"celery-beat": sizes.due, "redbeat": sizes.due, "orm-loop": (middle,), "memory": (high,)}
    sample = {"due": due, "sample": sizes.celery_beat_sample}
    runs = {
        "celery-beat": ((low, middle), Run(contender="celery_beat", options=sample)),
        "redbeat": (sizes.due, Run(contender="redbeat", options={"due": due})),
        "orm-loop": ((middle,), Run(contender="orm_loop", options={"due": due})),
    }
    chosen = {"package": Run(contender="package", options={"due": due})}
    chosen |= {key: run for key, (dues, run) in runs.items() if key in wanted and due in dues}
    needed = any(due in rows_at[key] for key in wanted & rows_at.keys())
    return {f"{name} {due}": run for name, run in chosen.items()} if needed else {}


def _celery_beat(due: int, sizes: Sizes, measured: Measured) -> Row:
    low, middle, high = sizes.due
    target = dict(zip(sizes.due, CELERY_BEAT_TARGETS, strict=True))[due]
    against = "django-celery-beat"
    if due == high:
        small, large = ((size, measured[f"celery-beat {size}"]["wall"]) for size in (low, middle))
        other, against = extrapolated(small, large, to=high), f"{against}, extrapolated"
    else:
        other = measured[f"celery-beat {due}"]["wall"]
        if sizes.celery_beat_sample < due:
            against = f"{against}, {sizes.celery_beat_sample:,} of {due:,} timed"
    return _faster("celery-beat", against, due, measured, target=target, other=other)


def _memory(due: int, measured: Measured) -> Row:
    return Row(
        key="memory",
        what=f"memory growth of a ticker, {due:,} due",
        measured=measured[f"package {due}"]["grown_mb"],
        target=10,
        unit=" MB",
        at_least=False,
        how="peak of the process, after a tick of 1,000 and after this one",
    )


def _faster(key: str, against: str, due: int, measured: Measured, *, target: float, other: float) -> Row:
    ours = measured[f"package {due}"]["wall"]
    return Row(
        key=key,
        what=f"{due:,} due → broker",
        against=against,
        measured=other / ours,
        target=target,
        unit="×",
        at_least=True,
        how=f"{number(ours)} s against {number(other)} s",
    )


def _orm_loop(due: int, measured: Measured) -> Row:
    ours, loop = measured[f"package {due}"]["cpu"], measured[f"orm-loop {due}"]["cpu"]
    return Row(
        key="orm-loop",
        what=f"CPU, {due:,} due → broker",
        against="plain ORM loop + delay()",
        measured=loop / ours,
        target=6,
        unit="×",
        at_least=True,
        how=f"{number(ours)} s against {number(loop)} s of CPU",
    )
