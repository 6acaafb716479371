"""What happens to a run, and when: spread over its progress, so that it all happens however fast the machine is."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.chaos import faulty_storage
from tests.chaos.named_lines import KILL, LINES, STOP, STORE_FINISH
from tests.chaos.servers import smtp
from tests.chaos.servers.names import MESSAGE, WEBHOOK_FAULTS

KILL_CHILD, KILL_WORKER, KILL_BEAT, KILL_TICKER = "kill child", "kill worker", "kill beat", "kill ticker"
KILL_BROKER, WIPE_BROKER, CRASH_DATABASE = "kill broker", "wipe broker", "crash database"
CUT_DATABASE, CUT_BROKER = "cut database half-open", "cut broker half-open"
FREEZE_CHILD, FREEZE_WORKER = "freeze child", "freeze worker"
FIRST, LAST = 0.03, 0.93
"""Shares of the work that are done when the first and the last blow may fall."""
LAST_ORDER = 0.6
"""The same for what a process does at a certain place: enough of them still have to come there."""

ORDERS: dict[str, tuple[str, str]] = {
    **{f"die at {line.name}": (line.name, KILL) for line in LINES},
    f"stand still at {STORE_FINISH.name}": (STORE_FINISH.name, STOP),
    **{f"storage {fault}": (faulty_storage.PLACE, fault) for fault in faulty_storage.FAULTS},
    **{f"SMTP {fault}": (place, fault) for place, fault in smtp.FAULTS},
    **{f"webhook {fault}": (MESSAGE, fault) for fault in WEBHOOK_FAULTS},
}
"""Blow → the place where a process takes it, and what it is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """How often what happens.

    :param each_order: how often each of ``ORDERS`` is given.
    """

    blows: Mapping[str, int] = field(default_factory=dict)
    each_order: int = 0
    seed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {**self.blows, **dict.fromkeys(ORDERS, self.each_order)}

    def schedule(self) -> list[tuple[float, str]]:
        """Return ``(share of the work done, what happens)``, in order; the same for the same seed."""
        return sorted(self._moments(random.Random(self.seed)))  # noqa: S311  # chaos needs no secrecy

    def _moments(self, chance: random.Random) -> Iterator[tuple[float, str]]:
        for what, number in self.counts.items():
            last = LAST_ORDER if what in ORDERS else LAST
            for turn in range(number):
                yield FIRST + (last - FIRST) * (turn + chance.random()) / number, what


PEACE = Attack()
SHORT = Attack(
    blows={
        KILL_CHILD: 8,
        KILL_WORKER: 2,
        KILL_BEAT: 2,
        KILL_TICKER: 3,
        KILL_BROKER: 1,
        WIPE_BROKER: 1,
        CRASH_DATABASE: 1,
        CUT_DATABASE: 1,
        CUT_BROKER: 1,
        FREEZE_CHILD: 1,
    },
    each_order=2,
)
LONG = Attack(
    blows={
        KILL_CHILD: 135,
        KILL_WORKER: 21,
        KILL_BEAT: 8,
        KILL_TICKER: 32,
        KILL_BROKER: 14,
        WIPE_BROKER: 5,
        CRASH_DATABASE: 3,
        CUT_DATABASE: 3,
        CUT_BROKER: 3,
        FREEZE_CHILD: 4,
        FREEZE_WORKER: 2,
    },
    each_order=8,
)
