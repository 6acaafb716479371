"""From a signal to an orderly end."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the demo to stop."""


class StopRequests:
    """Turns the first signal into :class:`Stopped`; a second one cuts the orderly end short in the same way.

    Where make started the demo, what happens to make counts too: an interrupt that reaches only make (Ctrl-C in a
    terminal reaches both) is one that make waits out without passing it on.
    """

    def __init__(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        self._make = os.getppid() if os.environ.get("MAKELEVEL") else None
        self._make_listens = self._make is not None and _catches_interrupt(self._make)

    def check_make(self) -> None:
        """Make sure that the make which started the demo is there and was not interrupted.

        :raises Stopped: it is gone, or waits for us to end.
        """
        if self._make is None:
            return
        if os.getppid() != self._make or (self._make_listens and not _catches_interrupt(self._make)):
            raise Stopped

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        raise Stopped


def _catches_interrupt(process: int) -> bool:
    """Whether a process has a handler for the interrupt signal; make drops its own once it was interrupted."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) & (1 << (signal.SIGINT - 1)))
