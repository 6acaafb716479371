"""The local times of a rule within one stretch of the calendar, expanded by python-dateutil.

dateutil counts up from DTSTART, and looks for what never comes up to the year 9999; so it gets a short stretch at a
time. Where it differs from RFC 5545, the rule is put in words on which both agree: BYDAY=MO,1MO (dateutil: both at
once), BYWEEKNO=52,53 around New Year (dateutil: other days), BYSETPOS in a week (dateutil: a cut first week).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from dateutil import rrule

from django_report_scheduling.recurrence.rule import Rule, Unit
from django_report_scheduling.recurrence.wall_clock import DAY

FIRST_YEAR, LAST_YEAR = 2, 9998
"""Inside the limits of :mod:`datetime`, so that no zone's offset leaves them."""
STRETCH: dict[Unit, Literal[0, 2]] = {Unit.YEARLY: rrule.YEARLY, Unit.WEEKLY: rrule.WEEKLY}
"""The others go by the month: what limits the days of a daily or hourly rule limits those of a month alike."""
NEVER_AGAIN = 12 * dt.MAXYEAR
"""An INTERVAL of years or months that leaves the calendar: dateutil stops after the first, whatever it found there."""


def stretches(unit: Unit, day: dt.date, week_start: int, *, backwards: bool) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of each stretch, from ``day`` to the end of the calendar: a year, a month or four weeks."""
    while FIRST_YEAR <= day.year <= LAST_YEAR:
        if unit is Unit.WEEKLY:
            week = day - (day.weekday() - week_start) % 7 * DAY
            first, last = (week - 21 * DAY, week + 6 * DAY) if backwards else (week, week + 27 * DAY)
        else:
            from_month, to_month = (1, 12) if unit is Unit.YEARLY else (day.month, day.month)
            end = calendar.monthrange(day.year, to_month)[1]
            first = day.replace(month=from_month, day=1) if backwards else day
            last = day if backwards else day.replace(month=to_month, day=end)
        yield first, last
        day = first - DAY if backwards else last + DAY


def expand(rule: Rule, first: dt.date, last: dt.date) -> Iterable[dt.datetime]:
    """The local times of a rule in one of its :func:`stretches`, oldest first, without INTERVAL and seconds.

    :param rule: an anchored one; when it is hourly, the result has the midnights of its days.
    """
    year_days = _year_days(rule, first.year)
    nearest, in_a_week = min(map(abs, rule.positions), default=0), len(rule.weekdays) * len(rule.hours)
    if (rule.unit is Unit.WEEKLY and nearest > in_a_week) or (rule.week_numbers and not year_days):
        return ()
    return rrule.rrule(
        STRETCH.get(rule.unit, rrule.MONTHLY),
        dtstart=first,
        until=dt.datetime.combine(last, dt.time.max),
        interval=1 if rule.unit is Unit.WEEKLY else NEVER_AGAIN,
        wkst=rule.week_start,
        bymonth=rule.months,
        bymonthday=rule.month_days,
        byyearday=year_days,
        byweekday=_weekdays(rule),
        byhour=_hours(rule),
        byminute=rule.minutes,
        bysecond=0,
        bysetpos=() if rule.unit is Unit.DAILY else rule.positions,
    )


def _year_days(rule: Rule, year: int) -> Collection[int]:
    """BYYEARDAY; BYWEEKNO becomes a part of it by way of each week's fourth day, which is always in the week's year."""
    if not rule.week_numbers:
        return rule.year_days
    start, end = dt.date(max(year - 1, FIRST_YEAR), 1, 1), dt.date(min(year + 1, LAST_YEAR), 12, 31)
    week, fourth = rule.week_start, (rule.week_start + 3) % 7
    weeks = rrule.rrule(rrule.YEARLY, start, wkst=week, byweekno=rule.week_numbers, byweekday=fourth, until=end)
    days = (middle + place * DAY for middle in weeks for place in range(-3, 4))
    places = {day.timetuple().tm_yday for day in days if day.year == year}
    size = 366 if calendar.isleap(year) else 365
    return {place for place in places if not rule.year_days or {place, place - size - 1} & rule.year_days}


def _weekdays(rule: Rule) -> Iterable[rrule.weekday]:
    numbered = any(ordinal for _weekday, ordinal in rule.weekdays)
    each = range(1, 6 if rule.unit is Unit.MONTHLY or rule.months else 54) if numbered else [None]
    for weekday, ordinal in rule.weekdays:
        yield from (rrule.weekday(weekday, place) for place in ([ordinal] if ordinal else each))


def _hours(rule: Rule) -> Collection[int]:
    """BYHOUR; in a daily rule BYSETPOS chooses among the hours of the day."""
    if rule.unit is Unit.HOURLY:
        return {0}
    if rule.unit is not Unit.DAILY or not rule.positions:
        return rule.hours
    size = len(rule.hours)
    return {hour for place, hour in enumerate(sorted(rule.hours)) if {place + 1, place - size} & rule.positions}
