"""From the fields of a schedule to the slots they stand for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from django_report_scheduling.choices import Frequency
from django_report_scheduling.recurrence.pattern import Pattern
from django_report_scheduling.recurrence.plain_pattern import PlainPattern
from django_report_scheduling.recurrence.rule import Rule, Unit
from django_report_scheduling.recurrence.rule_text import parse_rule
from django_report_scheduling.recurrence.timeline import INSTANT, Timeline
from django_report_scheduling.recurrence.wall_clock import in_utc, to_local, to_utc

ANCHOR = dt.date(2001, 1, 1)
"""Where a rule without a start begins to count: a Monday, first of a month, first of a year."""
QUARTER_MONTHS = frozenset({1, 4, 7, 10})
COUNTED = dt.timedelta(days=36_525)
"""A COUNT that is not used up within a century does not end the schedule."""
REMEMBERED = 4096
"""Rules and patterns that are kept: a tick meets the same few again and again."""


@lru_cache(maxsize=REMEMBERED)
def rule_for(frequency: str, day_of_week: int | None, day_of_month: int | None, text: str) -> Rule | None:
    """The rule behind a frequency; ``None`` when the fields do not describe one (yet).

    The fields are hashable; whether they are valid is not judged here.

    :raises RuleError: when the text of a custom rule is not valid.
    """
    match frequency:
        case Frequency.CUSTOM:
            return parse_rule(text)
        case Frequency.DAILY:
            return Rule(unit=Unit.DAILY)
        case Frequency.WEEKLY if day_of_week is not None:
            return Rule(unit=Unit.WEEKLY, weekdays=frozenset({(day_of_week, 0)}))
        case Frequency.MONTHLY if day_of_month is not None:
            return Rule(unit=Unit.MONTHLY, month_days=frozenset({day_of_month}))
        case Frequency.QUARTERLY if day_of_month is not None:
            return Rule(unit=Unit.MONTHLY, months=QUARTER_MONTHS, month_days=frozenset({day_of_month}))
    return None


def timeline_for(
    rule: Rule, timezone: str, time_of_day: dt.time, ends: tuple[dt.datetime | None, dt.datetime | None]
) -> Timeline:
    """The slots of a rule between the two ends of its schedule (aware, or ``None``)."""
    zone = ZoneInfo(timezone)
    starts_at, ends_at = (None if end is None else in_utc(end) for end in ends)
    pattern: Pattern | PlainPattern | None = _plain_pattern(rule, time_of_day)
    if pattern is None:
        start_day = ANCHOR if starts_at is None else to_local(starts_at, zone).date()
        anchor = dt.datetime.combine(start_day, time_of_day)
        pattern = Pattern(rule.anchored(anchor), anchor)
    timeline = Timeline(zone=zone, pattern=pattern, first=starts_at, last=ends_at)
    if rule.until is None and rule.count is None:
        return timeline
    limits = [*_limits(rule, replace(timeline, last=None)), *([] if ends_at is None else [ends_at])]
    return replace(timeline, last=min(limits, default=None))


@lru_cache(maxsize=REMEMBERED)
def _plain_pattern(rule: Rule, time_of_day: dt.time) -> PlainPattern | None:
    return PlainPattern.of(rule, time_of_day)


def _limits(rule: Rule, timeline: Timeline) -> Iterator[dt.datetime]:
    if rule.until is not None:
        yield rule.until if rule.until.tzinfo else to_utc(rule.until, timeline.zone)
    if rule.count is not None and timeline.first is not None:
        horizon = timeline.first + COUNTED
        slots = takewhile(lambda slot: slot <= horizon, timeline.after(timeline.first - INSTANT))
        if (last := next(islice(slots, rule.count - 1, None), None)) is not None:
            yield last
