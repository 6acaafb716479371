"""The local times at which a rule falls due, walked in either direction from anywhere.

One stretch of the calendar is expanded at a time, so finding the neighbours of a moment costs the same however long
ago the rule started: nothing is walked from DTSTART.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django_report_scheduling.recurrence.expansion import expand, stretches
from django_report_scheduling.recurrence.rule import Rule, Unit
from django_report_scheduling.recurrence.wall_clock import DAY

HORIZON_YEARS = 50
"""How far a walk looks for the next moment before it gives up: 29 February on a given weekday may take 40 years."""
HORIZON = HORIZON_YEARS * 366 * DAY


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule tied to its start.

    :param rule: one that leaves nothing open (:meth:`Rule.anchored`).
    :param anchor: local start (RFC 5545: DTSTART), naive; INTERVAL counts from it, in both directions.
    """

    endless: ClassVar = False
    """Nothing is known of where its walks end without walking."""

    rule: Rule
    anchor: dt.datetime

    @property
    def empty(self) -> bool:
        """Whether it never falls due from its start on."""
        return next(self.walk(self.anchor), None) is None

    def walk(self, start: dt.datetime, *, backwards: bool = False) -> Iterator[dt.datetime]:
        """Naive local times of the rule from ``start`` (included) on, in order; lazy.

        Ends when nothing was found for :data:`HORIZON_YEARS` years, or at the limits of the calendar.
        """
        reached = start.date()
        for first, last in stretches(self.rule.unit, reached, self.rule.week_start, backwards=backwards):
            if abs(first - reached) > HORIZON:
                return
            for moment in self._moments(first, last, backwards=backwards):
                if (moment <= start) if backwards else (moment >= start):
                    reached = moment.date()
                    yield moment

    def _moments(self, first: dt.date, last: dt.date, *, backwards: bool) -> Iterator[dt.datetime]:
        begin, end = dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last, dt.time.max)
        if self._to_next_turn(begin) > self._number(end) - self._number(begin):
            return
        one_month = (first.year, first.month) == (last.year, last.month)
        if one_month and self.rule.months and first.month not in self.rule.months:
            return
        found = expand(self.rule, first, last)
        for moment in reversed(list(found)) if backwards else found:
            for hour in self._hours(moment)[:: -1 if backwards else 1]:
                yield moment.replace(hour=hour, second=self.anchor.second)

    def _hours(self, moment: dt.datetime) -> list[int]:
        """The hour that was found, or those of an hourly rule on that day; none when INTERVAL leaves it out."""
        wait, hours = self._to_next_turn(moment), self.rule.hours
        if self.rule.unit is Unit.HOURLY:
            return [hour for hour in range(wait, 24, self.rule.interval) if not hours or hour in hours]
        return [] if wait else [moment.hour]

    def _to_next_turn(self, moment: dt.datetime) -> int:
        """How many years, months, weeks, days or hours later it is the turn of an INTERVAL again; 0 = now."""
        return (self._number(self.anchor) - self._number(moment)) % self.rule.interval

    def _number(self, moment: dt.datetime) -> int:
        """The running number of the year, month, week, day or hour that contains ``moment``."""
        match self.rule.unit:
            case Unit.YEARLY:
                return moment.year
            case Unit.MONTHLY:
                return moment.year * 12 + moment.month
            case Unit.WEEKLY:
                return (moment.toordinal() - 1 - self.rule.week_start) // 7
            case Unit.DAILY:
                return moment.toordinal()
        return moment.toordinal() * 24 + moment.hour
