"""The local times of the everyday rules – once a day, on weekdays, on one day of the month –, by counting alone.

Nearly all schedules are of this kind, and a tick asks for the slots of a thousand of them at a time: what the general
:class:`Pattern` finds by expanding stretches of the calendar is here one or two steps from any moment.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Self

from django_report_scheduling.recurrence.expansion import FIRST_YEAR, LAST_YEAR
from django_report_scheduling.recurrence.rule import Rule, Unit
from django_report_scheduling.recurrence.wall_clock import DAY

EVERY_DAY = frozenset(range(7))
EVERY_MONTH = frozenset(range(1, 13))
LAST_DAY = -1


@dataclass(frozen=True, slots=True)
class PlainPattern:
    """Once on each of its days, always at the same time; in step with nothing, so any moment is as good as another.

    :param time: local time of day, naive.
    :param day_of_month: 1 to 28, or -1 for the last one; ``None`` where the weekdays decide.
    :param weekdays: 0 = Monday; they count where ``day_of_month`` is ``None``.
    :param months: they count where ``day_of_month`` is given.
    """

    endless: ClassVar = True
    """Every walk goes on to the limits of the calendar."""
    empty: ClassVar = False

    time: dt.time
    day_of_month: int | None = None
    weekdays: frozenset[int] = EVERY_DAY
    months: frozenset[int] = EVERY_MONTH

    @classmethod
    def of(cls, rule: Rule, time: dt.time) -> Self | None:
        """The pattern of a rule that is plain enough, or ``None``."""
        if rule.interval != 1 or any((rule.week_numbers, rule.year_days, rule.positions, rule.hours, rule.minutes)):
            return None
        match rule.unit, len(rule.month_days):
            case Unit.DAILY | Unit.WEEKLY, 0 if not rule.months and (rule.weekdays or rule.unit is Unit.DAILY):
                return cls(time, weekdays=frozenset(day for day, _each in rule.weekdays) or EVERY_DAY)
            case Unit.MONTHLY, 1 if (
                not rule.weekdays and max(rule.month_days) <= 28 and min(rule.month_days) >= LAST_DAY
            ):
                return cls(time, min(rule.month_days), months=rule.months or EVERY_MONTH)
        return None

    def walk(self, start: dt.datetime, *, backwards: bool = False) -> Iterator[dt.datetime]:
        """As :meth:`Pattern.walk`: naive local times from ``start`` (included) on, in order; lazy."""
        days = self._by_day if self.day_of_month is None else self._by_month
        for day in days(start.date(), -1 if backwards else 1):
            moment = dt.datetime.combine(day, self.time)
            if (moment <= start) if backwards else (moment >= start):
                yield moment

    def _by_day(self, day: dt.date, step: int) -> Iterator[dt.date]:
        while FIRST_YEAR <= day.year <= LAST_YEAR:
            if day.weekday() in self.weekdays:
                yield day
            day += step * DAY

    def _by_month(self, day: dt.date, step: int) -> Iterator[dt.date]:
        year, month = day.year, day.month
        while FIRST_YEAR <= year <= LAST_YEAR:
            if month in self.months:
                last = self.day_of_month == LAST_DAY
                yield dt.date(year, month, calendar.monthrange(year, month)[1] if last else self.day_of_month or 1)
            years, month = divmod(month - 1 + step, 12)
            year, month = year + years, month + 1
