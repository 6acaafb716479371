from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.queries.span import (
    Bucket,
    Span,
    count_by_bucket,
    days,
    hours,
    is_short,
    parts,
)
from django_report_scheduling.period import Period
from tests.web_analytics.conftest import day


def test_days_are_those_of_the_zone_whatever_their_length() -> None:
    spring = day(2026, 3, 28, zone="Europe/Berlin", length=3)

    assert [(str(bucket.label), bucket.span.end - bucket.span.start) for bucket in days(spring)] == [
        ("2026-03-28", 24 * 3600),
        ("2026-03-29", 23 * 3600),
        ("2026-03-30", 24 * 3600),
    ]


def test_hours_are_counted_in_time_that_passes() -> None:
    autumn = day(2026, 10, 25, zone="Europe/Berlin")

    labels = [f"{bucket.label:%H:%M%z}" for bucket in hours(autumn)]

    assert len(labels) == 25
    assert labels[1:4] == ["01:00+0200", "02:00+0200", "02:00+0100"]


def test_parts_of_days_at_the_ends_are_kept() -> None:
    zone = ZoneInfo("UTC")
    period = Period(start=dt.datetime(2026, 3, 1, 18, tzinfo=zone), end=dt.datetime(2026, 3, 2, 6, 30, tzinfo=zone))

    assert [bucket.span.end - bucket.span.start for bucket in days(period)] == [6 * 3600, 6 * 3600 + 1800]
    assert hours(period)[-1].span.end - hours(period)[-1].span.start == 1800


@pytest.mark.parametrize(("length", "short"), [(1, True), (2, True), (3, False), (7, False)])
def test_up_to_two_days_are_shown_by_the_hour(length: int, short: bool) -> None:
    assert is_short(day(2026, 3, 2, length=length)) is short


def test_a_period_is_charted_in_hours_or_days_by_its_length() -> None:
    assert [len(parts(day(2026, 3, 2, length=length))) for length in (1, 2, 3)] == [24, 48, 3]


def test_moments_are_counted_in_the_part_that_holds_them() -> None:
    buckets = [Bucket(dt.date(2026, 3, number), Span(number * 10, number * 10 + 10)) for number in (1, 2, 3)]

    assert count_by_bucket(buckets, [10, 19, 20, 39]) == [2, 1, 1]


def test_a_span_holds_the_whole_seconds_of_an_interval() -> None:
    start = dt.datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=dt.UTC)

    assert Span.between(start, start + dt.timedelta(seconds=1)) == Span(1, 2)


@given(
    start=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2035, 1, 1)),  # noqa: DTZ001 - the zone is drawn too
    length=st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(days=60)),
    zone=st.timezone_keys().filter(lambda key: not key.startswith("right/")).map(ZoneInfo),
)
def test_days_and_hours_cover_a_period_without_gap_or_overlap(
    start: dt.datetime, length: dt.timedelta, zone: ZoneInfo
) -> None:
    begin = start.replace(tzinfo=zone)
    period = Period(start=begin, end=(begin.astimezone(dt.UTC) + length).astimezone(zone))
    whole = Span.between(period.start, period.end)

    for buckets in (days(period), hours(period)):
        seconds = [second for bucket in buckets for second in (bucket.span.start, bucket.span.end)]
        assert [seconds[0], seconds[-1]] == [whole.start, whole.end] if seconds else whole.start == whole.end
        assert seconds[1:-1:2] == seconds[2::2]
        assert seconds == sorted(seconds)
