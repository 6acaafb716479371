"""When reports fall due where clocks change, worked out a second time from the words of RFC 5545."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.recurrence import Recurrence, slots_between
from tests.recurrence.builders import custom, recurrence
from tests.recurrence.clock_changes import DAY, ClockChange, distinct_clock_changes

NEAR = 3 * DAY
YEARS = range(2025, 2045)

Fits = Callable[[dt.date], bool]


def test_there_are_as_many_as_the_database_of_zones_has() -> None:
    changes = distinct_clock_changes()

    # The number grows when a government changes its mind; it was 361 with tzdata 2025b.
    assert len(changes) >= 350
    assert {change.after > change.before for change in changes} == {True, False}


def is_last(day: dt.date) -> bool:
    return (day + DAY).day == 1


def rules_at(change: ClockChange, local: dt.datetime) -> Iterator[tuple[Recurrence, Fits]]:
    """Rules that fall due at a local time, each with the days on which it does."""
    zone, at, day = change.zone, local.strftime("%H:%M"), local.date()
    yield recurrence(zone=zone, at=at), lambda _day: True
    yield (
        recurrence("weekly", zone, at, day_of_week=day.weekday()),
        lambda other: other.weekday() == day.weekday(),
    )
    if day.day <= 28:
        yield recurrence("monthly", zone, at, day_of_month=day.day), lambda other: other.day == day.day
    if is_last(day):
        yield recurrence("monthly", zone, at, day_of_month=-1), is_last
        yield custom("FREQ=MONTHLY;BYMONTHDAY=-1", zone, at), is_last
    yield custom(f"FREQ=MONTHLY;BYMONTHDAY={day.day}", zone, at), lambda other: other.day == day.day


def days_around(change: ClockChange) -> list[dt.date]:
    return [(change.at + number * DAY).date() for number in range(-6, 7)]


@pytest.mark.slow
def test_daily_weekly_monthly_and_custom_reports_come_when_rfc_5545_says() -> None:
    for change in distinct_clock_changes():
        start, end = change.at - NEAR, change.at + NEAR
        for local in change.local_times():
            for rule, fits in rules_at(change, local):
                due = [dt.datetime.combine(day, local.time()) for day in days_around(change) if fits(day)]
                expected = sorted({slot for slot in map(change.instant_of, due) if start <= slot <= end})
                assert slots_between(rule, start=start, end=end) == expected, (change, rule)
                assert expected, (change, rule)


@pytest.mark.slow
def test_hourly_reports_come_when_rfc_5545_says() -> None:
    for change in distinct_clock_changes():
        start, end = change.at - NEAR, change.at + NEAR
        rule = custom("FREQ=HOURLY", change.zone, "00:15")
        due = [dt.datetime.combine(day, dt.time(hour, 15)) for day in days_around(change) for hour in range(24)]
        expected = sorted({slot for slot in map(change.instant_of, due) if start <= slot <= end})

        assert slots_between(rule, start=start, end=end) == expected, change


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
@pytest.mark.parametrize("at", ["00:00", "02:30", "23:59"])
@pytest.mark.parametrize("day", [28, 29, 30, 31, -1])
def test_days_at_the_end_of_a_month_do_not_drift_in_twenty_years(zone: str, at: str, day: int) -> None:
    rules = [custom(f"FREQ=MONTHLY;BYMONTHDAY={day}", zone, at)]
    if day in {28, -1}:
        rules.append(recurrence("monthly", zone, at, day_of_month=day))
    lengths = [(year, month, calendar.monthrange(year, month)[1]) for year in YEARS for month in range(1, 13)]
    dates = [dt.date(year, month, length if day == -1 else day) for year, month, length in lengths if day <= length]
    time = dt.time.fromisoformat(at)
    expected = [dt.datetime.combine(date, time, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) for date in dates]

    for rule in rules:
        assert slots_between(rule, start=expected[0], end=expected[-1]) == expected
