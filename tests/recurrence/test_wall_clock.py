from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.recurrence import wall_clock
from tests.recurrence.builders import naive, utc


@pytest.mark.parametrize(
    ("zone", "shown", "instant"),
    [
        ("Europe/Berlin", "2026-01-15 08:00", "2026-01-15 07:00"),
        ("Europe/Berlin", "2026-07-15 08:00", "2026-07-15 06:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:30"),  # gap: becomes 03:30
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),  # fold: the first
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),  # half an hour: becomes 02:45
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15 01:30"),  # Ramadan: clocks go back
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),  # skipped day: becomes the 31st
        ("America/St_Johns", "2006-10-29 00:00", "2006-10-29 02:30"),  # 00:01 goes back to 23:01 of the day before
    ],
)
def test_a_local_time_becomes_the_instant_that_rfc_5545_means(zone: str, shown: str, instant: str) -> None:
    assert wall_clock.to_utc(dt.datetime.fromisoformat(shown), ZoneInfo(zone)) == utc(instant)


def test_the_fold_of_a_local_time_does_not_matter() -> None:
    second = naive("2026-10-25 02:30").replace(fold=1)
    assert wall_clock.to_utc(second, ZoneInfo("Europe/Berlin")) == utc("2026-10-25 00:30")


def test_an_aware_local_time_is_refused() -> None:
    with pytest.raises(ValueError, match="A wall-clock time is naive"):
        wall_clock.to_utc(utc("2026-01-01"), ZoneInfo("Europe/Berlin"))


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="An instant is aware"):
        wall_clock.in_utc(naive("2026-01-01"))


@pytest.mark.parametrize(
    ("zone", "instant", "hours"),
    [
        ("Europe/Berlin", "2026-03-29 00:59", 0),
        ("Europe/Berlin", "2026-03-29 01:00", 1),
        ("Europe/Berlin", "2026-03-30 00:59", 1),
        ("Europe/Berlin", "2026-03-30 01:00", 0),
        ("Europe/Berlin", "2026-10-25 01:00", -1),
        ("Australia/Lord_Howe", "2026-10-04 00:00", 0.5),
        ("Pacific/Apia", "2011-12-30 10:00", 24),
    ],
)
def test_a_clock_change_is_seen_for_a_day(zone: str, instant: str, hours: float) -> None:
    assert wall_clock.clock_change(utc(instant), ZoneInfo(zone)) == dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Berlin", "2026-03-29", "2026-03-28 23:00"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28 22:00"),  # 00:00 is skipped: the day begins at 01:00
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23 22:00"),
        ("America/Havana", "2026-11-01", "2026-11-01 04:00"),  # 00:00 comes twice
    ],
)
def test_a_day_starts_at_its_first_instant(zone: str, day: str, instant: str) -> None:
    start = wall_clock.day_start(dt.date.fromisoformat(day), ZoneInfo(zone))
    assert start == utc(instant)
    assert wall_clock.to_local(start - dt.timedelta(microseconds=1), ZoneInfo(zone)).date() < dt.date.fromisoformat(day)


def test_the_day_before_is_one_that_existed() -> None:
    samoa = ZoneInfo("Pacific/Apia")
    assert wall_clock.day_before(dt.date(2011, 12, 31), samoa) == dt.date(2011, 12, 29)
    assert wall_clock.day_before(dt.date(2012, 1, 1), samoa) == dt.date(2011, 12, 31)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_an_iana_name_finds_its_zone(name: str) -> None:
    assert wall_clock.find_zone(name) == ZoneInfo(name)
    assert name in wall_clock.zone_names()


@pytest.mark.parametrize(
    "name", ["", "CEST", "europe/berlin", "Europe", "localtime", "../../etc/passwd", "right/UTC", "a\0b", "\ud800"]
)
def test_anything_else_finds_none(name: str) -> None:
    assert wall_clock.find_zone(name) is None
