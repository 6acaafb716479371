"""What a report is about: the period that belongs to a slot, whenever the report is really made."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

from django_report_scheduling.choices import Frequency
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence.pattern import HORIZON_YEARS
from django_report_scheduling.recurrence.recurrence import Recurrence
from django_report_scheduling.recurrence.timeline import INSTANT
from django_report_scheduling.recurrence.wall_clock import DAY, day_before, day_start, in_utc, to_local, to_utc

REMEMBERED: Final = 1024
"""Periods that are kept: all schedules of a zone and frequency share theirs."""


def period_for(recurrence: Recurrence, *, slot: dt.datetime) -> Period:
    """The period that the report of ``slot`` covers, in the schedule's own zone.

    Daily: the calendar day before; weekly: the Monday to Sunday before; monthly and quarterly: the calendar month or
    quarter before. Custom: from the rule's previous slot to this one; what starts_at, COUNT and the ends cut off is
    extrapolated, so the first report is as long as the others (when nothing falls due for 50 years before, it starts
    there). The periods of consecutive slots follow each other without gap or overlap.

    :param slot: aware; any instant will do, so that a report "as of now" has its period too.
    :raises ValueError: when ``slot`` is naive.
    """
    zone, end = recurrence.timeline.zone, in_utc(slot)
    if recurrence.frequency is Frequency.CUSTOM:
        start = next(recurrence.timeline.endless_up_to(end - INSTANT), end - HORIZON_YEARS * 365 * DAY)
        return Period(start=start.astimezone(zone), end=end.astimezone(zone))
    meant = recurrence.timeline.wall_clock_of(end).date()
    return _last_before(recurrence.frequency, meant, zone)


def previous_period(period: Period, *, frequency: Frequency) -> Period:
    """The period right before ``period``, for comparison: the day, week, month or quarter before it.

    Custom: the same length directly before; in wall-clock time for a day or more (Monday 08:00 to Monday 08:00 has a
    Monday 08:00 before it, whatever the clocks did), in elapsed time below that.

    :param period: as :func:`period_for` gives it.
    """
    zone = period.start.tzinfo or dt.UTC
    if frequency == Frequency.CUSTOM:
        return Period(start=_same_length_before(period, zone), end=period.start)
    return _last_before(frequency, period.first_day, zone)


def slot_covering(recurrence: Recurrence, *, instant: dt.datetime) -> dt.datetime | None:
    """The slot whose period contains ``instant`` (aware): the report to write when data of that time changed.

    Slots before ``starts_at`` count, so that the time before a schedule existed can be filled in; those after
    ``ends_at``, COUNT or UNTIL do not, and give ``None``.

    :raises ValueError: when ``instant`` is naive.
    """
    moment = in_utc(instant)
    for slot in recurrence.timeline.endless_after(moment):
        if recurrence.timeline.last is not None and slot > recurrence.timeline.last:
            return None
        if moment < in_utc(period_for(recurrence, slot=slot).end):
            return slot
    return None


@lru_cache(maxsize=REMEMBERED)
def _last_before(frequency: Frequency, day: dt.date, zone: dt.tzinfo) -> Period:
    """The last whole day, week, month or quarter that is over when ``day`` begins."""
    end = _first_day(frequency, day)
    return _whole_days(_earlier(frequency, end, zone), end, zone)


def _first_day(frequency: Frequency, day: dt.date) -> dt.date:
    """First day of the day, week, month or quarter that contains ``day``."""
    match frequency:
        case Frequency.WEEKLY:
            return day - day.weekday() * DAY
        case Frequency.MONTHLY:
            return day.replace(day=1)
        case Frequency.QUARTERLY:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day


def _earlier(frequency: Frequency, first: dt.date, zone: dt.tzinfo) -> dt.date:
    """First day of the day, week, month or quarter before the one that begins on ``first``."""
    return _first_day(frequency, day_before(first, zone) if frequency == Frequency.DAILY else first - DAY)


def _whole_days(first: dt.date, end: dt.date, zone: dt.tzinfo) -> Period:
    return Period(start=day_start(first, zone).astimezone(zone), end=day_start(end, zone).astimezone(zone))


def _same_length_before(period: Period, zone: dt.tzinfo) -> dt.datetime:
    start, end = in_utc(period.start), in_utc(period.end)
    local_start = to_local(start, zone)
    by_wall_clock = to_utc(local_start - (to_local(end, zone) - local_start), zone)
    if end - start < DAY or by_wall_clock >= start:
        return (start - (end - start)).astimezone(zone)
    return by_wall_clock.astimezone(zone)
