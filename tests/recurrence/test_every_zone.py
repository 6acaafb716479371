"""What holds for every recurrence at every time in every zone of the IANA database."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.choices import Frequency
from django_report_scheduling.recurrence import (
    Recurrence,
    newest_slot,
    next_slot,
    period_for,
    previous_period,
    slot_covering,
    slots,
    slots_between,
)
from django_report_scheduling.recurrence.wall_clock import DAY, clock_change, to_local
from tests.recurrence.builders import custom, naive, recurrence, utc
from tests.recurrence.clock_changes import distinct_clock_changes

ZONES = sorted(available_timezones() - {"localtime"})  # that of one machine, refused on every machine
CUSTOM_RULES = [
    "FREQ=HOURLY",
    "FREQ=HOURLY;INTERVAL=5",
    "FREQ=DAILY;BYHOUR=0,1,2,3,23",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
]
moments = st.datetimes(naive("1971-01-01"), naive("2099-12-31"), timezones=st.just(dt.UTC))
times = st.times().map(lambda time: time.replace(microsecond=0))


@st.composite
def fields(draw: st.DrawFn) -> dict[str, object]:
    frequency = draw(st.sampled_from(Frequency.values))
    values: dict[str, object] = {"frequency": frequency, "time_of_day": draw(times)}
    if frequency == "weekly":
        values["day_of_week"] = draw(st.integers(0, 6))
    if frequency in {"monthly", "quarterly"}:
        values["day_of_month"] = draw(st.integers(1, 28) | st.just(-1))
    if frequency == "custom":
        values["rule"] = draw(st.sampled_from(CUSTOM_RULES))
    return values


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    return Recurrence(timezone=draw(st.sampled_from(ZONES)), **draw(fields()))


def assert_in_order(rule: Recurrence, moment: dt.datetime) -> list[dt.datetime]:
    """The next slots: later than the moment, strictly in order, the same whichever way they are found."""
    found = slots(rule, after=moment, count=4)
    assert moment < found[0], rule
    assert all(earlier < later for earlier, later in pairwise(found)), rule
    assert slots_between(rule, start=found[0], end=found[-1]) == found, rule
    assert all(next_slot(rule, after=earlier) == later for earlier, later in pairwise(found)), rule
    newest = newest_slot(rule, at=moment)
    assert newest is not None
    assert newest <= moment, rule
    assert next_slot(rule, after=newest) == found[0], rule
    assert newest_slot(rule, at=found[0]) == found[0], rule
    return found


def assert_on_the_wall_clock(rule: Recurrence, slot: dt.datetime) -> None:
    """The local time is the one that was asked for, or moved by exactly the gap that swallowed it."""
    zone = ZoneInfo(rule.timezone)
    meant, shown = rule.timeline.wall_clock_of(slot), to_local(slot, zone)
    assert meant.time() == rule.time_of_day, rule
    assert shown == meant or shown - meant == clock_change(slot, zone), rule


def assert_contiguous(rule: Recurrence, found: list[dt.datetime]) -> None:
    """Period follows period; the one before is the period before; what a period contains belongs to its slot."""
    periods = [period_for(rule, slot=slot) for slot in found]
    for slot, period, following in zip(found, periods, periods[1:], strict=False):
        assert period.end.astimezone(dt.UTC) == following.start.astimezone(dt.UTC), rule
        assert period.end.astimezone(dt.UTC) <= slot, rule
        assert slot_covering(rule, instant=period.start) == slot, rule
        assert slot_covering(rule, instant=period.end.astimezone(dt.UTC) - dt.timedelta(microseconds=1)) == slot, rule
        before = previous_period(following, frequency=rule.frequency)
        assert before.end.astimezone(dt.UTC) == following.start.astimezone(dt.UTC), rule
        if rule.frequency != Frequency.CUSTOM:
            assert before == period, rule


def assert_everything(rule: Recurrence, moment: dt.datetime) -> None:
    found = assert_in_order(rule, moment)
    if rule.frequency != Frequency.CUSTOM:
        for slot in found:
            assert_on_the_wall_clock(rule, slot)
    assert_contiguous(rule, found)


@settings(deadline=None, max_examples=300)
@given(rule=recurrences(), moment=moments)
def test_slots_and_periods_hold_together(rule: Recurrence, moment: dt.datetime) -> None:
    assert_everything(rule, moment)


@pytest.mark.slow
@settings(deadline=None, max_examples=10)
@given(values=fields(), moment=moments)
def test_slots_and_periods_hold_together_in_each_single_zone(values: dict[str, object], moment: dt.datetime) -> None:
    for zone in ZONES:
        assert_everything(Recurrence(timezone=zone, **values), moment)


@settings(deadline=None, max_examples=100)
@given(rule=recurrences(), start=moments, moment=moments, length=st.timedeltas(DAY, 4000 * DAY))
def test_no_slot_lies_outside_the_ends(
    rule: Recurrence, start: dt.datetime, moment: dt.datetime, length: dt.timedelta
) -> None:
    first = next_slot(rule, after=start)
    assert first is not None
    bounded = Recurrence(
        frequency=rule.frequency,
        timezone=rule.timezone,
        time_of_day=rule.time_of_day,
        day_of_week=rule.day_of_week,
        day_of_month=rule.day_of_month,
        rule=rule.rule,
        starts_at=start,
        ends_at=first + length,
    )
    following, newest = next_slot(bounded, after=moment), newest_slot(bounded, at=moment)
    assert following is None or max(start, moment) <= following <= first + length
    assert newest is None or start <= newest <= min(moment, first + length)


@pytest.mark.slow
def test_slots_and_periods_hold_together_at_every_clock_change_from_2025_to_2030() -> None:
    for change in distinct_clock_changes():
        zone = change.zone
        rules = [recurrence(zone=zone, at=at) for at in ("00:00", "00:30", "01:30", "02:15", "02:30", "23:30")]
        rules += [custom("FREQ=HOURLY", zone=zone, at="00:15"), recurrence("monthly", zone, "02:30", day_of_month=-1)]
        rules += [recurrence("weekly", zone, "02:30", day_of_week=day) for day in range(7)]
        for rule in rules:
            assert_everything(rule, change.at - 2 * DAY)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Pacific/Kiritimati", "1994-12-31"),
        ("America/St_Johns", "2006-10-29"),
        ("Antarctica/Troll", "2026-03-29"),
        ("Asia/Pyongyang", "2018-05-05"),
        ("America/Caracas", "2007-12-09"),
        ("Africa/Monrovia", "1972-01-07"),
    ],
)
def test_daily_reports_survive_the_strangest_clock_changes(name: str, day: str) -> None:
    for hour in range(24):
        for start in range(-3, 1):
            assert_everything(recurrence(zone=name, at=f"{hour:02}:20"), utc(day) + start * DAY)
