"""A pattern on the clocks of a zone: the instants at which it falls due, in UTC, strictly in order."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from zoneinfo import ZoneInfo

from django_report_scheduling.recurrence.pattern import Pattern
from django_report_scheduling.recurrence.plain_pattern import PlainPattern
from django_report_scheduling.recurrence.wall_clock import NO_TIME, clock_change, to_local, to_utc

INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Slots of a pattern between two ends.

    Where the clocks jump forward, local times inside the gap are moved behind it, so that two of them may become one
    slot and their order may change; both walks below sort that out. Where the clocks go back, a local time falls due
    the first time only.

    :param first: no slot lies before it (aware), or ``None``.
    :param last: no slot lies after it (aware), or ``None``.
    """

    zone: ZoneInfo
    pattern: Pattern | PlainPattern
    first: dt.datetime | None = None
    last: dt.datetime | None = None

    def after(self, instant: dt.datetime) -> Iterator[dt.datetime]:
        """Slots later than ``instant``, oldest first; lazy."""
        start = instant if self.first is None else max(instant, self.first - INSTANT)
        slots = self.endless_after(start)
        return slots if self.last is None else self._up_to(slots, self.last)

    def up_to(self, instant: dt.datetime) -> Iterator[dt.datetime]:
        """Slots not later than ``instant``, newest first; lazy."""
        start = instant if self.last is None else min(instant, self.last)
        slots = self.endless_up_to(start)
        return slots if self.first is None else self._down_to(slots, self.first)

    def endless_after(self, instant: dt.datetime) -> Iterator[dt.datetime]:
        """As :meth:`after`, as if the pattern had neither start nor end."""
        skipped = max(NO_TIME, clock_change(instant, self.zone))
        latest = instant
        waiting: list[dt.datetime] = []
        for local in self.pattern.walk(to_local(instant, self.zone) - skipped):
            insort(waiting, to_utc(local, self.zone))
            while waiting and to_local(waiting[0], self.zone) <= local:
                slot = waiting.pop(0)
                if slot > latest:
                    latest = slot
                    yield slot
        yield from (slot for slot in dict.fromkeys(waiting) if slot > latest)

    def endless_up_to(self, instant: dt.datetime) -> Iterator[dt.datetime]:
        """As :meth:`up_to`, as if the pattern had neither start nor end."""
        repeated = max(NO_TIME, -clock_change(instant, self.zone))
        earliest = instant + INSTANT
        waiting: list[dt.datetime] = []
        for local in self.pattern.walk(to_local(instant, self.zone) + repeated, backwards=True):
            insort(waiting, to_utc(local, self.zone))
            while waiting and self._earliest_rival(waiting[-1]) >= local:
                slot = waiting.pop()
                if slot < earliest:
                    earliest = slot
                    yield slot
        yield from (slot for slot in dict.fromkeys(reversed(waiting)) if slot < earliest)

    def wall_clock_of(self, slot: dt.datetime) -> dt.datetime:
        """The local time that the pattern meant by ``slot``: inside a gap not what the clocks show at that instant."""
        shown = to_local(slot, self.zone)
        skipped = max(NO_TIME, clock_change(slot, self.zone))
        near = takewhile(lambda local: local <= shown, self.pattern.walk(shown - skipped)) if skipped else ()
        meant = [local for local in near if to_utc(local, self.zone) == slot]
        return meant[-1] if meant else shown

    def _earliest_rival(self, slot: dt.datetime) -> dt.datetime:
        """No local time before this one can fall due after ``slot``."""
        return to_local(slot, self.zone) - max(NO_TIME, clock_change(slot, self.zone))

    @staticmethod
    def _up_to(slots: Iterator[dt.datetime], last: dt.datetime) -> Iterator[dt.datetime]:
        return takewhile(lambda slot: slot <= last, slots)

    @staticmethod
    def _down_to(slots: Iterator[dt.datetime], first: dt.datetime) -> Iterator[dt.datetime]:
        return takewhile(lambda slot: slot >= first, slots)
