from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.recurrence import coming_slots, newest_slot, newest_slots, next_slot, slots, slots_between
from tests.recurrence.builders import custom, naive, recurrence, utc, wall

WEEKLY = {"frequency": "weekly", "day_of_week": 0}
LAST_DAY = {"frequency": "monthly", "day_of_month": -1}


@pytest.mark.parametrize(
    ("fields", "after", "shown"),
    [
        ({}, "2026-01-01 06:59", "2026-01-01 08:00, 2026-01-02 08:00"),
        ({}, "2026-01-01 07:00", "2026-01-02 08:00"),  # strictly later
        ({}, "2025-12-31 07:30", "2026-01-01 08:00"),
        ({}, "2026-03-28 06:00", "2026-03-28 08:00, 2026-03-29 08:00, 2026-03-30 08:00"),  # same wall clock
        ({"at": "02:30"}, "2026-03-28 06:00", "2026-03-29 03:30, 2026-03-30 02:30"),
        ({"at": "02:30"}, "2026-10-24 06:00", "2026-10-25 02:30, 2026-10-26 02:30"),
        ({"at": "23:59:30"}, "2026-01-01 00:00", "2026-01-01 23:59"),
        ({"zone": "America/New_York", "at": "02:30"}, "2026-03-07 12:00", "2026-03-08 03:30, 2026-03-09 02:30"),
        ({"zone": "Australia/Lord_Howe", "at": "02:15"}, "2026-10-03 00:00", "2026-10-04 02:45, 2026-10-05 02:15"),
        ({"zone": "Africa/Casablanca"}, "2026-02-14 00:00", "2026-02-14 08:00, 2026-02-15 08:00, 2026-02-16 08:00"),
        ({"zone": "Asia/Beirut", "at": "00:00"}, "2026-03-28 12:00", "2026-03-29 01:00, 2026-03-30 00:00"),
        (WEEKLY, "2026-03-23 06:00", "2026-03-23 08:00, 2026-03-30 08:00, 2026-04-06 08:00"),
        (WEEKLY | {"day_of_week": 6}, "2026-12-24 00:00", "2026-12-27 08:00, 2027-01-03 08:00"),
        ({"frequency": "monthly", "day_of_month": 1}, "2026-12-01 12:00", "2027-01-01 08:00, 2027-02-01 08:00"),
        ({"frequency": "monthly", "day_of_month": 28}, "2026-02-01 00:00", "2026-02-28 08:00, 2026-03-28 08:00"),
        (LAST_DAY, "2026-01-01 00:00", "2026-01-31 08:00, 2026-02-28 08:00, 2026-03-31 08:00, 2026-04-30 08:00"),
        (LAST_DAY, "2028-02-01 00:00", "2028-02-29 08:00"),
        (
            {"frequency": "quarterly", "day_of_month": 5},
            "2026-01-06 00:00",
            "2026-04-05 08:00, 2026-07-05 08:00, 2026-10-05 08:00, 2027-01-05 08:00",
        ),
        ({"frequency": "quarterly", "day_of_month": -1}, "2026-04-01 00:00", "2026-04-30 08:00, 2026-07-31 08:00"),
    ],
)
def test_the_next_slots(fields: dict[str, Any], after: str, shown: str) -> None:
    rule = recurrence(**fields)
    expected = shown.split(", ")
    found = slots(rule, after=utc(after), count=len(expected))
    assert [wall(slot, rule.timezone) for slot in found] == expected
    assert next_slot(rule, after=utc(after)) == found[0]
    assert {slot.tzinfo for slot in found} == {dt.UTC}


@pytest.mark.parametrize(
    ("rule", "fields", "shown"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", {}, "01-01 01-05 01-08"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2", {"starts_at": utc("2025-12-31")}, "01-14 01-28 02-11"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", {}, "01-30 02-27 03-31"),
        ("FREQ=MONTHLY;BYDAY=2TU", {}, "01-13 02-10 03-10"),
    ],
)
def test_the_next_slots_of_a_custom_rule(rule: str, fields: dict[str, Any], shown: str) -> None:
    found = slots(custom(rule, **fields), after=utc("2026-01-01"), count=3)
    assert " ".join(f"{slot:%m-%d}" for slot in found) == shown


def test_there_is_no_slot_after_the_end_or_before_the_start() -> None:
    rule = recurrence(starts_at=utc("2026-01-01"), ends_at=utc("2026-01-02 07:00"))
    assert next_slot(rule, after=utc("2026-01-02 06:59")) == utc("2026-01-02 07:00")
    assert next_slot(rule, after=utc("2026-01-02 07:00")) is None
    assert slots(rule, after=utc("2026-01-03"), count=5) == []
    assert newest_slot(rule, at=utc("2026-01-01 06:59")) is None
    assert newest_slot(rule, at=utc("2026-01-01 07:00")) == utc("2026-01-01 07:00")
    assert newest_slot(rule, at=utc("2036-01-01")) == utc("2026-01-02 07:00")


def test_slots_between_include_both_ends_and_may_be_limited_to_the_newest() -> None:
    start, end = utc("2026-01-01 07:00"), utc("2026-01-04 07:00")
    all_four = [utc(f"2026-01-0{day} 07:00") for day in (1, 2, 3, 4)]
    assert slots_between(recurrence(), start=start, end=end) == all_four
    assert slots_between(recurrence(), start=start, end=end, limit=2) == all_four[2:]
    assert list(newest_slots(recurrence(), start=start, end=end)) == all_four[::-1]
    assert slots_between(recurrence(), start=end, end=start) == []


def test_coming_slots_end_with_the_one_at_the_very_end_and_begin_behind_the_start() -> None:
    coming = coming_slots(recurrence(), after=utc("2026-03-28 07:00"), until=utc("2026-03-31 06:00"))

    assert list(coming) == [utc("2026-03-29 06:00"), utc("2026-03-30 06:00"), utc("2026-03-31 06:00")]


def test_coming_slots_are_worked_out_one_by_one() -> None:
    hourly = custom("FREQ=HOURLY", at="00:00")

    coming = coming_slots(hourly, after=utc("2026-01-01"), until=utc("9998-01-01"))

    assert next(coming) == utc("2026-01-01 01:00")
    assert next(coming) == utc("2026-01-01 02:00")


def test_any_zone_will_do_for_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    second_pass = dt.datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    hourly = custom("FREQ=HOURLY", at="00:00")
    assert next_slot(hourly, after=second_pass) == utc("2026-10-25 02:00")
    assert newest_slot(hourly, at=second_pass) == utc("2026-10-25 00:00")


@pytest.mark.parametrize(
    "call",
    [
        lambda rule, naive: next_slot(rule, after=naive),
        lambda rule, naive: newest_slot(rule, at=naive),
        lambda rule, naive: slots(rule, after=naive, count=1),
        lambda rule, naive: slots_between(rule, start=naive, end=utc("2026-01-01")),
        lambda rule, naive: slots_between(rule, start=utc("2026-01-01"), end=naive),
        lambda rule, naive: coming_slots(rule, after=naive, until=utc("2026-01-01")),
        lambda rule, naive: coming_slots(rule, after=utc("2026-01-01"), until=naive),
    ],
)
def test_a_naive_clock_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="An instant is aware"):
        call(recurrence(), naive("2026-01-01"))
