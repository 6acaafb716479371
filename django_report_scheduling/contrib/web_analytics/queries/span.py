"""Stretches of time as the traffic tables know them: whole seconds since 1970, half-open."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django_report_scheduling.period import Period

HOURLY_UP_TO = dt.timedelta(days=2, hours=1)
"""The longest period that is shown by the hour: two days, even when the clocks go back in them."""


@dataclass(frozen=True, slots=True)
class Span:
    """The seconds from ``start`` up to, and without, ``end``."""

    start: int
    end: int

    @classmethod
    def between(cls, start: dt.datetime, end: dt.datetime) -> Span:
        """Return the whole seconds of a half-open interval of aware datetimes."""
        return cls(math.ceil(start.timestamp()), math.ceil(end.timestamp()))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of a period: a local day or an hour."""

    label: dt.date | dt.datetime
    span: Span


def days(period: Period) -> list[Bucket]:
    """Return the days of the period on the wall clocks of its zone; the first and last may be cut off."""
    buckets = []
    start, zone = period.start, period.start.tzinfo
    while start.timestamp() < period.end.timestamp():
        midnight = dt.datetime.combine(start.date() + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
        end = min(midnight, period.end, key=dt.datetime.timestamp)
        buckets.append(Bucket(start.date(), Span.between(start, end)))
        start = midnight
    return buckets


def hours(period: Period) -> list[Bucket]:
    """Return the hours of the period, counted from its start; the last may be cut off."""
    whole = Span.between(period.start, period.end)
    return [
        Bucket(dt.datetime.fromtimestamp(start, tz=period.start.tzinfo), Span(start, min(start + 3600, whole.end)))
        for start in range(whole.start, whole.end, 3600)
    ]


def parts(period: Period) -> list[Bucket]:
    """Return the parts by which a period is charted: hours when it is short, otherwise days."""
    return hours(period) if is_short(period) else days(period)


def count_by_bucket(buckets: Sequence[Bucket], moments: Iterable[int]) -> list[int]:
    """Return how many of the moments, all of which lie in the period, fall into each of its parts."""
    starts = [bucket.span.start for bucket in buckets]
    counts = [0] * len(buckets)
    for moment in moments:
        counts[bisect_right(starts, moment) - 1] += 1
    return counts


def is_short(period: Period) -> bool:
    """Tell whether a period is better shown by the hour than by the day."""
    return period.end.timestamp() - period.start.timestamp() <= HOURLY_UP_TO.total_seconds()
