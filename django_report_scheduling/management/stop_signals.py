"""Ending a loop in good order."""

from __future__ import annotations

import signal
import time
from types import FrameType, TracebackType
from typing import Any, Final, Self

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
SLICE = 0.2
"""Seconds between two looks at the flag. A handler may only set a flag: locks could be held by whom it interrupts."""


class StopSignals:
    """Turns the first SIGINT or SIGTERM into a wish to stop, inside a ``with`` block; the second one acts as ever."""

    def __init__(self) -> None:
        self.stopped = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._stop) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._restore()

    def wait(self, seconds: float) -> None:
        """Sleep, but wake up soon after a signal."""
        until = time.monotonic() + seconds
        while not self.stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(SLICE, left))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopped = True
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
