"""Dates, moments and periods."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time

from django_report_scheduling.period import Period


def calendar_date(value: dt.date, locale: Locale) -> str:
    """Return a date with its month as a word, e.g. ``18 May 2015``."""
    return str(format_skeleton("yMMMd", value, locale=locale))


def moment(value: dt.datetime, zone: dt.tzinfo, locale: Locale) -> str:
    """Return a moment on the wall clock of ``zone``; a naive one as it is."""
    local = value.astimezone(zone) if value.tzinfo else value
    return f"{calendar_date(local.date(), locale)}, {clock(local, locale)}"


def clock(value: dt.datetime, locale: Locale) -> str:
    """Return hours and minutes."""
    return str(format_time(value.time(), "short", locale=locale))


def day_and_month(value: dt.date, locale: Locale) -> str:
    """Return a date without its year, for axes."""
    return str(format_skeleton("MMMd", value, locale=locale))


def period_text(period: Period, locale: Locale) -> str:
    """Return the period as people write it: ``18–24 May 2015``; with clock times unless it is whole days."""
    if not period.whole_days:
        zone = period.start.tzinfo or dt.UTC
        return f"{moment(period.start, zone, locale)} – {moment(period.end, zone, locale)}"
    if period.first_day == period.last_day:
        return str(format_date(period.first_day, "full", locale=locale))
    return str(format_interval(period.first_day, period.last_day, "yMMMMd", locale=locale))


def zone_text(value: dt.datetime) -> str:
    """Return the name of the zone in which a moment is written."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else (value.tzname() or "")
