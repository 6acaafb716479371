"""This machine and the database agree on the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.services.clock import database_now


def _local_now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


class ClockProbe(Probe):
    """Compares the two clocks.

    :param local_now: returns this machine's time, aware.
    :param tolerance: seconds that they may differ by.
    """

    part = "clock"
    requires = ("database",)

    def __init__(self, *, local_now: Callable[[], dt.datetime] = _local_now, tolerance: float = 5) -> None:
        self._local_now = local_now
        self._tolerance = tolerance

    def run(self) -> Iterable[Finding]:
        """Yield by how much they differ."""
        before = self._local_now()
        there = database_now()
        after = self._local_now()
        ahead = (before + (after - before) / 2 - there).total_seconds()
        if abs(ahead) <= self._tolerance:
            yield self.ok(f"This machine and the database differ by {abs(ahead):.1f} s.")
            return
        direction = "ahead of" if ahead > 0 else "behind"
        yield self.warn(
            f"This machine's clock is {abs(ahead):.0f} s {direction} the database's, which decides what is due.",
            fix="Synchronise the clocks of both machines: timedatectl set-ntp true",
        )
