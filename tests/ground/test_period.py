"""A period is half-open, aware, and read on the wall clock of its zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.period import Period

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")


def berlin(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "whole"),
    [
        pytest.param(berlin(2026, 3, 2), berlin(2026, 3, 9), "2026-03-02", "2026-03-08", True, id="week"),
        pytest.param(berlin(2026, 3, 29), berlin(2026, 3, 30), "2026-03-29", "2026-03-29", True, id="23-hour day"),
        pytest.param(berlin(2026, 10, 25), berlin(2026, 10, 26), "2026-10-25", "2026-10-25", True, id="25-hour day"),
        pytest.param(berlin(2026, 3, 2), berlin(2026, 3, 2, 0, 0, 1), "2026-03-02", "2026-03-02", False, id="second"),
        pytest.param(berlin(2026, 3, 2, 8), berlin(2026, 3, 3, 8), "2026-03-02", "2026-03-03", False, id="8 to 8"),
        pytest.param(berlin(2025, 12, 1), berlin(2026, 1, 1), "2025-12-01", "2025-12-31", True, id="december"),
        pytest.param(
            dt.datetime(2026, 9, 5, tzinfo=ZoneInfo("America/Santiago")),
            dt.datetime(2026, 9, 6, tzinfo=ZoneInfo("America/Santiago")),
            "2026-09-05", "2026-09-05", True, id="the next midnight does not exist",
        ),
    ],
)  # fmt: skip
def test_the_end_no_longer_belongs_to_it(
    start: dt.datetime, end: dt.datetime, first: str, last: str, whole: bool
) -> None:
    period = Period(start=start, end=end)

    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert period.whole_days is whole


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (dt.datetime(2026, 1, 1), berlin(2026, 1, 2), "aware"),  # noqa: DTZ001  # naive on purpose
        (berlin(2026, 1, 1), dt.datetime(2026, 1, 2), "aware"),  # noqa: DTZ001  # naive on purpose
        (berlin(2026, 1, 1), berlin(2026, 1, 1), "end after it starts"),
        (berlin(2026, 1, 2), berlin(2026, 1, 1), "end after it starts"),
        (berlin(2026, 10, 25, 2, 30).replace(fold=1), berlin(2026, 10, 25, 2, 45), "end after it starts"),
    ],
)
def test_what_is_no_period_is_refused(start: dt.datetime, end: dt.datetime, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Period(start=start, end=end)


def test_the_hour_that_the_clocks_show_twice_can_be_a_period() -> None:
    twice = berlin(2026, 10, 25, 2, 30)

    assert Period(start=twice, end=twice.replace(fold=1)).last_day == dt.date(2026, 10, 25)


def test_it_cannot_be_changed() -> None:
    period = Period(start=berlin(2026, 1, 1), end=berlin(2026, 1, 2))

    with pytest.raises(AttributeError):
        period.start = berlin(2025, 1, 1)  # type: ignore[misc]


def test_another_zone_reads_the_same_instants_on_other_clocks() -> None:
    period = Period(start=berlin(2026, 3, 2), end=berlin(2026, 3, 3)).in_zone(TOKYO)

    assert (period.start.isoformat(), period.last_day) == ("2026-03-02T08:00:00+09:00", dt.date(2026, 3, 3))
    assert not period.whole_days


MOMENTS = st.datetimes(
    min_value=dt.datetime(1980, 1, 1),  # noqa: DTZ001  # hypothesis wants the bounds naive
    max_value=dt.datetime(2080, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
)
LENGTHS = st.timedeltas(min_value=dt.timedelta(microseconds=1), max_value=dt.timedelta(days=400))


@settings(deadline=None)
@given(start=MOMENTS, length=LENGTHS)
def test_the_last_day_is_that_of_the_last_instant(start: dt.datetime, length: dt.timedelta) -> None:
    end = (start.astimezone(dt.UTC) + length).astimezone(start.tzinfo)
    period = Period(start=start, end=end)

    last = (end.astimezone(dt.UTC) - dt.timedelta.resolution).astimezone(end.tzinfo)
    assert period.last_day == last.date()
    assert last.astimezone(dt.UTC) < end.astimezone(dt.UTC)


@settings(deadline=None)
@given(start=MOMENTS, length=LENGTHS, zone=st.timezones())
def test_there_and_back_are_the_same_instants(start: dt.datetime, length: dt.timedelta, zone: ZoneInfo) -> None:
    utc = Period(start=start.astimezone(dt.UTC), end=start.astimezone(dt.UTC) + length)

    there = utc.in_zone(zone)

    assert there.in_zone(ZoneInfo("UTC")) == utc
    assert there.start.tzinfo is zone
