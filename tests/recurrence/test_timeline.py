from __future__ import annotations

import datetime as dt
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.recurrence.timeline import Timeline
from tests.recurrence.builders import custom, recurrence, utc, wall


def after(timeline: Timeline, start: str, count: int) -> list[str]:
    return [wall(slot, timeline.zone.key) for slot in islice(timeline.after(utc(start)), count)]


@pytest.mark.parametrize(
    ("zone", "rule", "at", "start", "shown"),
    [
        # one hour is skipped: 02:00 and 03:00 are the same instant, so one slot
        ("Europe/Berlin", "FREQ=HOURLY", "00:00", "2026-03-28 23:30", "01:00 03:00 04:00"),
        ("Europe/Berlin", "FREQ=DAILY;BYHOUR=2,3", "00:30", "2026-03-28 23:30", "03:30 02:30 03:30"),
        # one hour is repeated: the first time counts, the second does not
        ("Europe/Berlin", "FREQ=HOURLY", "00:00", "2026-10-24 22:30", "01:00 02:00 03:00"),
        ("Europe/Berlin", "FREQ=DAILY;BYHOUR=2", "00:30", "2026-10-24 22:30", "02:30 02:30"),
        # half an hour is skipped: 02:15 moves behind 02:30
        ("Australia/Lord_Howe", "FREQ=HOURLY", "00:15", "2026-10-03 14:30", "01:15 02:45 03:15"),
        # two hours are skipped: the moved times lie among the others
        ("Antarctica/Troll", "FREQ=HOURLY", "00:00", "2026-03-28 23:30", "00:00 03:00 04:00 05:00"),
        # 23:00 becomes the midnight after it
        ("America/Nuuk", "FREQ=DAILY", "23:30", "2026-03-28 02:00", "00:30 23:30 23:30"),
        # a whole day is skipped
        ("Pacific/Apia", "FREQ=DAILY", "08:00", "2011-12-29 00:00", "08:00 08:00 08:00"),
    ],
)
def test_slots_stay_in_order_where_clocks_change(zone: str, rule: str, at: str, start: str, shown: str) -> None:
    timeline = custom(rule, zone, at).timeline
    count = len(shown.split())
    forward = list(islice(timeline.after(utc(start)), count))
    assert [slot.astimezone(ZoneInfo(zone)).strftime("%H:%M") for slot in forward] == shown.split()
    assert forward == sorted(set(forward))
    assert list(islice(timeline.up_to(forward[-1]), count)) == forward[::-1]


def test_a_skipped_day_moves_its_slot_to_the_day_after() -> None:
    daily = recurrence(zone="Pacific/Apia").timeline
    assert after(daily, "2011-12-29 00:00", 3) == ["2011-12-29 08:00", "2011-12-31 08:00", "2012-01-01 08:00"]
    fridays = recurrence("weekly", "Pacific/Apia", day_of_week=4).timeline
    assert after(fridays, "2011-12-29 00:00", 2) == ["2011-12-31 08:00", "2012-01-06 08:00"]


def test_the_last_slot_of_a_rule_may_lie_in_a_gap() -> None:
    """29 March is a Sunday in 2026 and, in steps of eight years, not again for 56 years."""
    rule = "FREQ=YEARLY;INTERVAL=8;BYMONTH=3;BYMONTHDAY=29;BYDAY=SU"
    in_the_gap = custom(rule, at="02:30", starts_at=utc("2026-01-01")).timeline
    slot = utc("2026-03-29 01:30")
    assert list(in_the_gap.after(utc("2020-01-01"))) == [slot]
    assert list(in_the_gap.up_to(utc("2040-01-01"))) == [slot]
    behind_the_gap = custom(rule, at="03:15", starts_at=utc("2026-01-01")).timeline
    assert list(behind_the_gap.endless_up_to(utc("2040-01-01"))) == [utc("2026-03-29 01:15")]


def test_no_slot_lies_outside_the_ends() -> None:
    timeline = recurrence(starts_at=utc("2026-01-02 07:00"), ends_at=utc("2026-01-04 07:00")).timeline
    inside = [utc("2026-01-02 07:00"), utc("2026-01-03 07:00"), utc("2026-01-04 07:00")]
    assert list(timeline.after(utc("2020-01-01"))) == inside
    assert list(timeline.up_to(utc("2030-01-01"))) == inside[::-1]
    assert next(timeline.endless_after(utc("2026-01-04 07:00"))) == utc("2026-01-05 07:00")
    assert next(timeline.endless_up_to(utc("2026-01-02 06:59"))) == utc("2026-01-01 07:00")


@pytest.mark.parametrize(
    ("zone", "at", "slot", "meant"),
    [
        ("Europe/Berlin", "08:00", "2026-03-30 06:00", "2026-03-30 08:00"),
        ("Europe/Berlin", "02:30", "2026-03-29 01:30", "2026-03-29 02:30"),
        ("Europe/Berlin", "08:00", "2026-03-29 06:00", "2026-03-29 08:00"),
        ("America/Nuuk", "23:30", "2026-03-29 01:30", "2026-03-28 23:30"),
        ("Europe/Berlin", "08:00", "2026-03-29 09:17", "2026-03-29 11:17"),  # not a slot: what the clocks show
    ],
)
def test_the_local_time_behind_a_slot_is_the_one_the_rule_meant(zone: str, at: str, slot: str, meant: str) -> None:
    assert recurrence(zone=zone, at=at).timeline.wall_clock_of(utc(slot)) == dt.datetime.fromisoformat(meant)
