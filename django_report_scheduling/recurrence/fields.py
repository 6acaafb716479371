"""What each field of a recurrence may hold, and what to tell the person who filled it in."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

from django.utils.translation import gettext as _

from django_report_scheduling.choices import Frequency
from django_report_scheduling.recurrence.quoting import shown
from django_report_scheduling.recurrence.wall_clock import find_zone, zone_names

FIRST_YEAR, LAST_YEAR = 1970, 2999
FREQUENCIES = frozenset(Frequency.values)
WITH_DAY_OF_WEEK = {Frequency.WEEKLY}
WITH_DAY_OF_MONTH = {Frequency.MONTHLY, Frequency.QUARTERLY}
EXAMPLE_ZONE = "Europe/Berlin"


def frequency_problems(value: object) -> list[str]:
    """Why ``value`` is not a frequency; empty when it is."""
    if isinstance(value, str) and value in FREQUENCIES:
        return []
    message = _("“%(value)s” is not a frequency; choose one of %(choices)s.")
    return [message % {"value": shown(value), "choices": ", ".join(Frequency.values)}]


def timezone_problems(name: object) -> list[str]:
    """Why ``name`` is not a zone of the IANA database; empty when it is."""
    if isinstance(name, str) and find_zone(name) is not None:
        return []
    similar = get_close_matches(shown(name), zone_names(), n=1)
    message = _("“%(value)s” is not a time zone; give an IANA name such as %(example)s.")
    return [message % {"value": shown(name), "example": similar[0] if similar else EXAMPLE_ZONE}]


def time_of_day_problems(value: object) -> list[str]:
    """Why ``value`` is not a local time of day; empty when it is."""
    if not isinstance(value, dt.time):
        return [_("Give the local time of day, for example 08:00.")]
    if value.tzinfo is not None:
        message = _(
            "“%(value)s” carries a time zone of its own; give the plain local time, the zone has its own field."
        )
        return [message % {"value": value.isoformat()}]
    if value.microsecond:
        message = _("“%(value)s” is too fine; give whole seconds, for example 08:00.")
        return [message % {"value": value.isoformat()}]
    return []


def day_of_week_problems(frequency: str, value: object) -> list[str]:
    """Why ``value`` does not fit a schedule of this frequency; empty when it does."""
    if frequency not in WITH_DAY_OF_WEEK:
        return _must_be_empty(frequency, value)
    if value is None:
        return [_("A weekly schedule needs a day of the week: 0 (Monday) to 6 (Sunday).")]
    if not isinstance(value, int) or not 0 <= value <= 6:
        message = _("“%(value)s” is not a day of the week; give 0 (Monday) to 6 (Sunday).")
        return [message % {"value": shown(value)}]
    return []


def day_of_month_problems(frequency: str, value: object) -> list[str]:
    """Why ``value`` does not fit a schedule of this frequency; empty when it does."""
    if frequency not in WITH_DAY_OF_MONTH:
        return _must_be_empty(frequency, value)
    if value is None:
        return [_("A monthly or quarterly schedule needs a day of the month: 1 to 28, or -1 for the last day.")]
    if not isinstance(value, int) or not (value == -1 or 1 <= value <= 28):
        message = _("“%(value)s” is not a day that every month has; give 1 to 28, or -1 for the last day.")
        return [message % {"value": shown(value)}]
    return []


def rule_problems(frequency: str, text: str) -> list[str]:
    """Why a rule does not belong here; what is inside it is :func:`parse_rule`'s to judge."""
    return [] if frequency == Frequency.CUSTOM else _must_be_empty(frequency, text or None)


def moment_problems(value: dt.datetime | None) -> list[str]:
    """Why ``value`` cannot be the start or the end of a schedule; empty when it can."""
    if value is None:
        return []
    if value.tzinfo is None:
        message = _("“%(value)s” has no time zone; add one, for example 2026-01-01T00:00:00+01:00.")
        return [message % {"value": value.isoformat()}]
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        message = _("“%(value)s” lies outside the years %(first)d to %(last)d; leave it empty for no limit.")
        return [message % {"value": value.isoformat(), "first": FIRST_YEAR, "last": LAST_YEAR}]
    return []


def order_problems(starts_at: dt.datetime | None, ends_at: dt.datetime | None) -> list[str]:
    """Why the end does not fit the start (both aware); empty when it does."""
    if starts_at is None or ends_at is None or ends_at > starts_at:
        return []
    message = _("The end, %(end)s, must be later than the start, %(start)s.")
    return [message % {"end": ends_at.isoformat(), "start": starts_at.isoformat()}]


def _must_be_empty(frequency: str, value: object) -> list[str]:
    if value is None:
        return []
    message = _(
        "A schedule with the frequency “%(frequency)s” does not use this, but it is “%(value)s”; leave it empty."
    )
    return [message % {"frequency": frequency, "value": shown(value)}]
