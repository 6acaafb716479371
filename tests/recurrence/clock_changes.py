"""Every change of clocks from 2025 to 2030, in any zone, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
FIRST, LAST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC), dt.datetime(2031, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class ClockChange:
    """The instant from which the clocks of a zone have another distance to UTC, and both distances."""

    zone: str
    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta

    def instant_of(self, local: dt.datetime) -> dt.datetime:
        """When a local time (naive, within days of the change) comes, as RFC 5545 §3.3.5 tells it.

        The first of two times in a fold; by the offset before the gap for a time that the clocks leap over.
        """
        by_old, by_new = ((local - offset).replace(tzinfo=dt.UTC) for offset in (self.before, self.after))
        return by_old if by_old < self.at or by_new < self.at else by_new

    def local_times(self) -> list[dt.datetime]:
        """Local times at and around both ends of the gap or fold, and at breakfast on its day."""
        ends = sorted((self.at + offset).replace(tzinfo=None) for offset in (self.before, self.after))
        around = [end + minutes * MINUTE for end in ends for minutes in (-1, 0, 1)]
        return [*around, ends[0] + (ends[1] - ends[0]) // 2, ends[0].replace(hour=8, minute=0)]


@lru_cache(maxsize=1)
def distinct_clock_changes() -> tuple[ClockChange, ...]:
    """One zone for each change that differs in its instant or in its distances."""
    found = {
        (change.at, change.before, change.after): change
        for name in sorted(available_timezones(), reverse=True)
        for change in _changes(name)
    }
    return tuple(found[key] for key in sorted(found))


def _changes(name: str) -> Iterator[ClockChange]:
    zone, day = ZoneInfo(name), FIRST
    while day < LAST:
        before, after = (moment.astimezone(zone).utcoffset() for moment in (day, day + DAY))
        assert before is not None
        assert after is not None
        if before != after:
            minutes = [day + number * MINUTE for number in range(24 * 60 + 1)]
            at = next(minute for minute in minutes if minute.astimezone(zone).utcoffset() == after)
            yield ClockChange(zone=name, at=at, before=before, after=after)
        day += DAY
