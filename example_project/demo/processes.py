"""The processes of the demo: started together, watched, and stopped without a remnant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.management import CommandError

LINES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class _Started:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Processes:
    """Background processes, each the head of a process group of its own with a log file of its own.

    A Ctrl-C in the terminal therefore reaches only the demo itself, which then stops the others in order.

    :param environment: added to the environment of each.
    :param kept_open: file descriptors that each inherits.
    """

    def __init__(
        self, *, folder: Path, logs: Path, environment: Mapping[str, str], kept_open: Sequence[int] = ()
    ) -> None:
        self._folder = folder
        self._logs = logs
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
        self._kept_open = kept_open
        self._started: list[_Started] = []

    @property
    def ids(self) -> list[int]:
        """The process ids."""
        return [started.process.pid for started in self._started]

    def start(self, name: str, *arguments: str) -> None:
        """Start a Python process; what it prints goes to a log of that name."""
        log = self._logs / f"{name.replace(' ', '-')}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  # arguments are ours
                [sys.executable, *arguments],
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self._kept_open,
            )
        self._started.append(_Started(name, process, log))

    def check(self) -> None:
        """Make sure that all are still running.

        :raises CommandError: one has ended; the message shows the end of its log.
        """
        for started in self._started:
            code = started.process.poll()
            if code is not None:
                lines = started.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_SHOWN:]
                end = "\n".join(f"  {line}" for line in lines)
                msg = f"The {started.name} stopped by itself (exit status {code}). The end of {started.log}:\n{end}"
                raise CommandError(msg)

    def stop(self, *, grace: float) -> None:
        """Ask all to finish, and end after the grace whatever has not."""
        for started in self._started:
            with suppress(ProcessLookupError):
                started.process.terminate()
        deadline = time.monotonic() + grace
        try:
            for started in self._started:
                with suppress(subprocess.TimeoutExpired):
                    started.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        finally:
            self._kill()

    def _kill(self) -> None:
        for started in self._started:
            # Also where the head has gone: its children are still of the group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started.process.pid, signal.SIGKILL)
            started.process.wait()
        self._started.clear()
