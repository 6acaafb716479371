"""How an account with thousands of rows due is kept from crowding out the others."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q


class DueRow(NamedTuple):
    """What is asked of a report or delivery that may go out."""

    key: Any
    account: Any
    attempt: int
    wake_at: dt.datetime


@dataclass(kw_only=True, slots=True)
class Walk:
    """How far one walk over the due rows has come: each row is looked at once, also when it may not go out yet."""

    after: tuple[dt.datetime, Any] | None = None
    """``wake_at`` and key of the last row seen."""
    full: set[Any] = field(default_factory=set)
    """Accounts that had rows turned away, whose other rows need not be looked at."""
    over: bool = False
    """Nothing more to look at, or no room in the broker."""

    def begin(self, full_accounts: Callable[[], Iterable[Any]]) -> None:
        """At the start of a walk, leave out the accounts that are full already: the database passes over their rows."""
        if self.after is None:
            self.full.update(full_accounts())

    def ahead(self) -> Q:
        """Return the condition for the rows that this walk has not seen, in the order ``(wake_at, pk)``."""
        if self.after is None:
            return Q()
        wake_at, key = self.after
        return Q(wake_at__gte=wake_at) & (Q(wake_at__gt=wake_at) | Q(pk__gt=key))

    def take(
        self,
        seen: list[DueRow],
        *,
        limit: int,
        room: int,
        cap: int | None,
        count: Callable[[set[Any]], Counter[Any]],
    ) -> list[DueRow]:
        """Go on past the rows seen, and return those that may go out: the oldest of each account that has room.

        :param limit: how many rows were asked for.
        :param room: how many messages the broker may take.
        :param cap: how many rows of an account may be out at once; ``None`` for no limit.
        :param count: tells how many of the given accounts are out now.
        """
        fitting = seen if cap is None or not seen else self._within(cap, seen, count({row.account for row in seen}))
        self.over = len(seen) < limit or len(fitting) > room
        if seen:
            self.after = (seen[-1].wake_at, seen[-1].key)
        return fitting[:room]

    def _within(self, cap: int, rows: Iterable[DueRow], out: Counter[Any]) -> list[DueRow]:
        fitting = []
        for row in rows:
            if out[row.account] < cap:
                out[row.account] += 1
                fitting.append(row)
            else:
                self.full.add(row.account)
        return fitting
