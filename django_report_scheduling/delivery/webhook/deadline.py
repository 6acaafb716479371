"""One deadline for everything that an attempt does, however many steps it takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, OutcomeCode


class Deadline:
    """A moment after which nothing is waited for any more.

    :param seconds: from now on.
    :param clock: seconds that only ever go forward.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._ends = self._started + seconds

    def left(self) -> float:
        """Return the seconds that are left, above zero.

        :raises AttemptFailed: none are.
        """
        left = self._ends - self._clock()
        if left <= 0:
            raise AttemptFailed(OutcomeCode.TIMEOUT)
        return left

    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return self._clock() - self._started

    def sooner(self, seconds: float) -> Self:
        """Return a deadline that ends after these seconds, or with this one if that is sooner."""
        return type(self)(min(seconds, self._ends - self._clock()), clock=self._clock)
