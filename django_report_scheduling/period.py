"""The half-open stretch of time that a report is about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """A half-open interval ``[start, end)``, carried in the zone in which people read it.

    :param start: first instant that belongs to the period, aware, in the schedule's zone.
    :param end: first instant that no longer belongs to it, aware, in the schedule's zone.
    :raises ValueError: when an end is naive or not after the start.
    """

    start: dt.datetime
    end: dt.datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            msg = f"A period needs aware datetimes, got {self.start!r} and {self.end!r}."
            raise ValueError(msg)
        if _utc(self.end) <= _utc(self.start):
            msg = f"A period must end after it starts, got {self.start.isoformat()} to {self.end.isoformat()}."
            raise ValueError(msg)

    @property
    def first_day(self) -> dt.date:
        """The local date on which the period starts."""
        return self.start.date()

    @property
    def last_day(self) -> dt.date:
        """The local date of the last instant that still belongs to the period."""
        return (_utc(self.end) - dt.timedelta(microseconds=1)).astimezone(self.end.tzinfo).date()

    @property
    def whole_days(self) -> bool:
        """Whether both ends fall on local midnight, so that dates alone describe the period."""
        return self.start.time() == self.end.time() == dt.time.min

    def in_zone(self, zone: ZoneInfo) -> Period:
        """The same instants, read on the wall clocks of ``zone``."""
        return Period(start=self.start.astimezone(zone), end=self.end.astimezone(zone))


def _utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)
