"""The processes of a run: started, watched, started again when they die, and gone with the run whatever happens.

Each carries the id of the run in its environment, which its children inherit, and theirs. By that mark a run finds
everything that it ever started, even what has left its process group, as Erlang's processes do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = sys.executable
MARK = "CHAOS_RUN"
PAUSE_BEFORE_RESTART = 0.3


def marked(run: str) -> list[int]:
    """Return the ids of all living processes that carry the mark of a run."""
    wanted = f"{MARK}={run}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(int(folder.name))
    return found


def end_all(run: str, *, patience: float = 20) -> None:
    """Kill everything that carries the mark of a run, and wait until it is gone."""
    deadline = time.monotonic() + patience
    while pids := marked(run):
        if time.monotonic() > deadline:
            msg = f"these processes of the run {run} cannot be killed: {pids}"
            raise RuntimeError(msg)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the ids of the children of a process."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []


@dataclass(kw_only=True)
class Process:
    """One process that is meant to live as long as the run.

    :param kind: what it is counted as, e.g. ``worker``.
    :param user: system user to run as, by name; ``None`` for the present one.
    """

    name: str
    kind: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    user: str | None = None
    running: subprocess.Popen[bytes] = field(init=False)
    expected_death: bool = False
    restart_at: float = 0.0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )
        self.expected_death = False

    @property
    def pid(self) -> int:
        return self.running.pid

    @property
    def alive(self) -> bool:
        return self.running.poll() is None

    def strike(self, number: signal.Signals) -> None:
        """Send a signal that is meant to end it."""
        self.expected_death = True
        if self.alive:
            self.running.send_signal(number)

    def tail(self, lines: int = 40) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


@dataclass(kw_only=True)
class Processes:
    """All processes of one run.

    :param environment: of every process, on top of the present one.
    """

    run: str
    logs: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    all: list[Process] = field(default_factory=list)
    own_deaths: dict[int, str] = field(default_factory=dict)
    """Who died without having been struck by us, and how, by process id."""

    def add(
        self,
        name: str,
        kind: str,
        *command: str,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
    ) -> Process:
        """Start a process that is started again whenever it dies."""
        process = Process(
            name=name,
            kind=kind,
            command=command,
            environment={**os.environ, **self.environment, **(environment or {}), MARK: self.run},
            log=self.logs / f"{name}.log",
            user=user,
        )
        process.start()
        self.all.append(process)
        return process

    def of(self, kind: str) -> list[Process]:
        """Return the processes of a kind that are alive."""
        return [process for process in self.all if process.kind == kind and process.alive]

    def revive(self) -> None:
        """Start again what has died, a moment after it did."""
        for process in self.all:
            if process.alive:
                process.restart_at = 0.0
            elif not process.restart_at:
                self._note(process)
                process.restart_at = time.monotonic() + PAUSE_BEFORE_RESTART
            elif time.monotonic() >= process.restart_at:
                process.restart_at = 0.0
                # As systemd does: children that outlived their parent go before the next one comes.
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.start()

    def run_once(self, *command: str, patience: float = 120) -> str:
        """Run a command to its end; returns what it printed.

        :raises RuntimeError: it failed.
        """
        result = subprocess.run(
            command,
            env={**os.environ, **self.environment, MARK: self.run},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        if result.returncode:
            msg = f"{' '.join(command)} failed with {result.returncode}:\n{result.stdout}\n{result.stderr}"
            raise RuntimeError(msg)
        return result.stdout

    def retire(self, *kinds: str, patience: float = 60) -> None:
        """Ask the processes of some kinds to finish what they do and end; they are not started again."""
        leaving = [process for process in self.all if process.kind in kinds]
        for process in leaving:
            process.strike(signal.SIGTERM)
        for process in leaving:
            with suppress(subprocess.TimeoutExpired):
                process.running.wait(timeout=patience)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.running.wait()
            self.all.remove(process)

    def end(self) -> None:
        """End everything."""
        for process in self.all:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        end_all(self.run)
        for process in self.all:
            process.running.wait(timeout=20)
        self.all.clear()

    def tails(self) -> str:
        return "\n\n".join(f"--- {process.name} ({process.kind})\n{process.tail()}" for process in self.all)

    def _note(self, process: Process) -> None:
        if not process.expected_death:
            self.own_deaths[process.pid] = f"{process.kind}: {process.name} ended with {process.running.returncode}"


def wait_until(true: Callable[[], bool], *, what: str, patience: float = 90, tells: Callable[[], str] = str) -> None:
    """Wait for a condition.

    :param what: what is waited for, for the message.
    :param tells: gives details for the message.
    :raises RuntimeError: it did not come true in time.
    """
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            msg = f"waited {patience:.0f} s in vain for {what}\n{tells()}"
            raise RuntimeError(msg)
        time.sleep(0.1)
