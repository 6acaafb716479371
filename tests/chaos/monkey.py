"""Does to a run what the attack says, when its moment has come, and undoes what has to end."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

from tests.chaos import attack as blows
from tests.chaos.attack import Attack
from tests.chaos.named_lines import STOP, STORE_FINISH
from tests.chaos.orders import Orders
from tests.chaos.processes import Process, Processes, children
from tests.chaos.servers.postgresql import PostgreSQL

HALF_OPEN = 5.0
"""Seconds for which a cut connection says nothing before it breaks."""
FROZEN = 12.0
"""Seconds for which a process stands still: longer than its lease."""


class Broker(Protocol):
    """What can be done to a broker."""

    def kill(self) -> None: ...

    def wipe(self) -> bool: ...


class Monkey:
    """The one who does it.

    :param folder: of the run.
    """

    def __init__(
        self, attack: Attack, *, processes: Processes, database: PostgreSQL, broker: Broker, folder: Path
    ) -> None:
        self._chance = random.Random(attack.seed)  # noqa: S311  # chaos needs no secrecy
        self._open = attack.schedule()
        self._processes = processes
        self._folder = folder
        self._undo: list[tuple[float, Callable[[], None]]] = []
        self._asleep: set[int] = set()
        self.orders = Orders(folder)
        self.done: Counter[str] = Counter()
        self._ways: dict[str, Callable[[], bool]] = {
            blows.KILL_CHILD: lambda: self._signal_child(signal.SIGKILL),
            blows.KILL_WORKER: lambda: self._kill_one("worker"),
            blows.KILL_BEAT: lambda: self._kill_one("beat"),
            blows.KILL_TICKER: lambda: self._kill_one("ticker"),
            blows.KILL_BROKER: lambda: _did(broker.kill),
            blows.WIPE_BROKER: broker.wipe,
            blows.CRASH_DATABASE: lambda: _did(database.crash),
            blows.CUT_DATABASE: lambda: self._cut("database"),
            blows.CUT_BROKER: lambda: self._cut("broker"),
            blows.FREEZE_CHILD: lambda: self._signal_child(signal.SIGSTOP),
            blows.FREEZE_WORKER: self._freeze_worker,
            **{blow: partial(self._order, *order) for blow, order in blows.ORDERS.items()},
        }

    @property
    def finished(self) -> bool:
        return not self._open and not self._undo

    def act(self, progress: float) -> None:
        """Do what is due at this share of the work; what cannot be done now waits for the next time."""
        self._wake_obedient()
        now = time.monotonic()
        over = [undo for until, undo in self._undo if until <= now]
        self._undo = [(until, undo) for until, undo in self._undo if until > now]
        for undo in over:
            undo()
        due = [blow for blow in self._open if blow[0] <= progress]
        for blow in due:
            if self._ways[blow[1]]():
                self._open.remove(blow)
                self.done[blow[1]] += 1

    def _later(self, seconds: float, undo: Callable[[], None]) -> None:
        self._undo.append((time.monotonic() + seconds, undo))

    def _kill_one(self, kind: str) -> bool:
        victim = self._one_of(kind)
        if victim is not None:
            victim.strike(signal.SIGKILL)
        return victim is not None

    def _one_of(self, kind: str) -> Process | None:
        living = self._processes.of(kind)
        return self._chance.choice(living) if living else None

    def _signal_child(self, number: signal.Signals) -> bool:
        everybody = [child for worker in self._processes.of("worker") for child in children(worker.pid)]
        if not everybody:
            return False
        victim = self._chance.choice(everybody)
        os.kill(victim, number)
        if number == signal.SIGSTOP:
            self._later(FROZEN, lambda: _wake(victim))
        return True

    def _freeze_worker(self) -> bool:
        victim = self._one_of("worker")
        if victim is None:
            return False
        group = victim.pid
        os.killpg(group, signal.SIGSTOP)
        self._later(FROZEN, lambda: _wake_group(group))
        return True

    def _cut(self, what: str) -> bool:
        orders = self._folder / f"{what}-cut"
        if orders.exists():
            return False
        orders.touch()
        self._later(HALF_OPEN, lambda: orders.unlink(missing_ok=True))
        return True

    def _order(self, place: str, what: str) -> bool:
        self.orders.give(place, what)
        return True

    def _wake_obedient(self) -> None:
        """Let those go on that were told to stand still, once they have done so for long enough."""
        for pid in self.orders.obeyed(STORE_FINISH.name, STOP):
            if pid not in self._asleep:
                self._asleep.add(pid)
                self._later(FROZEN, partial(_wake, pid))


def _did(action: Callable[[], None]) -> bool:
    action()
    return True


def _wake(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def _wake_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGCONT)
