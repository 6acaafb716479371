"""The walk over local times, checked against the examples of RFC 5545 §3.8.5.3."""

from __future__ import annotations

import datetime as dt
from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from django_report_scheduling.recurrence.pattern import Pattern
from django_report_scheduling.recurrence.rule import RuleError
from django_report_scheduling.recurrence.rule_text import parse_rule
from tests.recurrence.builders import naive

START = naive("1997-09-02 09:00")


def pattern(text: str, start: dt.datetime = START) -> Pattern:
    return Pattern(parse_rule(text).anchored(start), start)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=DAILY;INTERVAL=10", "09-02 09-12 09-22 10-02 10-12"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "09-02 09-16 09-30 10-14 10-28"),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=TU,TH", "09-02 09-04 09-09 09-11 09-16"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR", "09-03 09-05 09-15 09-17 09-19"),
        ("FREQ=MONTHLY;BYDAY=1FR", "09-05 10-03 11-07 12-05 01-02"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU", "09-07 09-28 11-02 11-30 01-04"),
        ("FREQ=MONTHLY;BYDAY=-2MO", "09-22 10-20 11-17 12-22 01-19"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "09-28 10-29 11-28 12-29 01-29"),
        ("FREQ=MONTHLY;BYMONTHDAY=2,15", "09-02 09-15 10-02 10-15 11-02"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "10-31 12-31 01-31 03-31 05-31"),
        ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12,13,14,15", "09-10 09-11 09-12 09-13 09-14"),
        ("FREQ=YEARLY;BYMONTH=6,7;BYMONTHDAY=10", "06-10 07-10 06-10 07-10 06-10"),
        ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "01-01 04-09 07-18 01-01 04-10"),
        ("FREQ=YEARLY;BYDAY=20MO", "05-18 05-17 05-15 05-14 05-20"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "05-11 05-17 05-15 05-14 05-13"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "03-05 03-12 03-19 03-26 03-04"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "02-13 03-13 11-13 08-13 10-13"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "11-04 11-06 11-08 11-03 11-05"),
        ("FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "09-04 10-07 11-06 12-04 01-07"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "09-29 10-30 11-27 12-30 01-29"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,FR;BYSETPOS=-1", "09-05 09-12 09-19 09-26 10-03"),
        ("FREQ=WEEKLY;WKST=WE;BYDAY=MO,WE;BYSETPOS=1", "09-03 09-10 09-17 09-24 10-01"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "02-29 02-29 02-29 02-29 02-29"),
        ("FREQ=YEARLY;BYYEARDAY=-1", "12-31 12-31 12-31 12-31 12-31"),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", "12-28 01-03 01-02 12-31 12-30"),
    ],
)
def test_the_examples_of_rfc_5545(text: str, days: str) -> None:
    found = list(islice(pattern(text).walk(START), 5))
    assert " ".join(f"{moment:%m-%d}" for moment in found) == days
    assert {moment.time() for moment in found} == {dt.time(9)}


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("FREQ=HOURLY", "9 10 11 12 13"),
        ("FREQ=HOURLY;INTERVAL=3", "9 12 15 18 21"),
        ("FREQ=HOURLY;INTERVAL=5", "9 14 19 0 5"),
        ("FREQ=HOURLY;BYHOUR=7,8,23", "23 7 8 23 7"),
        ("FREQ=HOURLY;INTERVAL=36", "9 21 9 21 9"),
        ("FREQ=DAILY;BYHOUR=8,12,9", "9 12 8 9 12"),
    ],
)
def test_hours_of_a_rule(text: str, hours: str) -> None:
    assert " ".join(str(moment.hour) for moment in islice(pattern(text).walk(START), 5)) == hours


def test_an_interval_counts_from_the_start_in_both_directions_and_from_anywhere() -> None:
    every_other_week = pattern("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    forward = list(islice(every_other_week.walk(START - dt.timedelta(days=400)), 60))
    assert START in forward
    assert {later - earlier for earlier, later in pairwise(forward)} == {dt.timedelta(days=14)}
    assert (
        list(takewhile(lambda moment: moment >= forward[0], every_other_week.walk(forward[-1], backwards=True)))
        == (forward[::-1])
    )


def test_a_century_later_costs_no_more_than_today() -> None:
    far = START.replace(year=2397)
    assert next(pattern("FREQ=HOURLY;INTERVAL=7").walk(far)) - far < dt.timedelta(hours=7)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_walk_ends_when_nothing_is_found_for_fifty_years(backwards: bool) -> None:
    leap_monday = pattern("FREQ=YEARLY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", naive("2044-02-29 08:00"))
    assert list(leap_monday.walk(leap_monday.anchor, backwards=backwards)) == [leap_monday.anchor]


@pytest.mark.parametrize("text", ["FREQ=YEARLY", "FREQ=YEARLY;BYWEEKNO=20;WKST=SU"])
@pytest.mark.parametrize(("start", "backwards"), [("9998-01-01", False), ("0003-01-01", True)])
def test_a_walk_ends_with_the_calendar(text: str, start: str, backwards: bool) -> None:
    assert 1 <= len(list(pattern(text).walk(naive(start), backwards=backwards))) <= 2


@pytest.mark.parametrize(
    ("text", "start", "moments"),
    [
        # RFC 5545 §3.8.5.3: the day on which a week starts makes a difference
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO", "1997-08-05 09", "97-08-05 97-08-10 97-08-19 97-08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", "1997-08-05 09", "97-08-05 97-08-17 97-08-19 97-08-31"),
        # a day that a month does not have is left out
        ("FREQ=MONTHLY;BYMONTHDAY=15,30", "2007-01-15 09", "07-01-15 07-01-30 07-02-15 07-03-15 07-03-30"),
        # a weekday with a number does not limit the one without
        ("FREQ=MONTHLY;BYDAY=1MO,FR", "2026-05-01 09", "26-05-01 26-05-04 26-05-08 26-05-15 26-05-22 26-05-29"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=SU,-1MO", "2026-05-01 09", "26-05-03 26-05-10 26-05-17 26-05-24 26-05-25"),
        ("FREQ=YEARLY;BYDAY=53FR,SU;BYSETPOS=-1", "2026-01-01 09", "26-12-27 27-12-31 28-12-31 29-12-30"),
        # ISO 8601: 1 and 2 January 1983 belong to week 52 of 1982, 31 December 1984 to the first of 52 weeks
        ("FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU", "1982-12-01 09", "83-01-01 83-01-02 83-12-31 84-01-01 84-12-29"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SU", "1981-01-01 09", "82-01-01 82-01-03 88-01-01 88-01-03 93-01-01"),
        ("FREQ=YEARLY;BYWEEKNO=-52;BYDAY=MO", "1984-06-01 09", "84-12-31 85-12-30 87-01-05"),
        ("FREQ=YEARLY;BYWEEKNO=1,2;BYYEARDAY=1,-1,12", "2025-01-01 09", "25-01-01 25-01-12 25-12-31 26-01-01 27-01-12"),
        # the first week counts as a whole, although it began before the start
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE;BYSETPOS=1", "2026-05-19 09", "26-05-25 26-06-01"),
        ("FREQ=WEEKLY;BYMONTH=5;BYDAY=SA,SU,MO;BYSETPOS=3", "2026-05-20 09", "26-05-24 26-05-31 27-05-09"),
    ],
)
def test_where_calendars_are_hard(text: str, start: str, moments: str) -> None:
    first = naive(start)
    found = islice(pattern(text, first).walk(first), len(moments.split()))
    assert [f"{moment:%y-%m-%d}" for moment in found] == moments.split()


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    """Rules with many parts that RFC 5545 allows together."""
    unit = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={unit}", f"INTERVAL={draw(st.integers(1, 5))}"]

    def maybe(name: str, values: st.SearchStrategy[object]) -> None:
        if draw(st.booleans()):
            parts.append(f"{name}={','.join(map(str, draw(st.lists(values, min_size=1, max_size=4, unique=True))))}")

    weekday = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    maybe("BYMONTH", st.integers(1, 12))
    if unit != "WEEKLY":
        maybe("BYMONTHDAY", st.integers(1, 31) | st.integers(-31, -1))
    if unit in {"YEARLY", "HOURLY"}:
        maybe("BYYEARDAY", st.integers(1, 366) | st.integers(-366, -1))
    numbered = unit in {"YEARLY", "MONTHLY"}
    maybe("BYDAY", st.builds("{}{}".format, st.sampled_from(["", "1", "-1", "5"]), weekday) if numbered else weekday)
    maybe("BYHOUR", st.integers(0, 23))
    if draw(st.booleans()):
        parts.append(f"BYMINUTE={draw(st.integers(0, 59))}")
    parts.append(f"WKST={draw(weekday)}")
    if unit != "HOURLY" and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1, -2]))}")
    return ";".join(parts)


@settings(deadline=None, max_examples=150)
@given(text=rule_texts(), start=st.datetimes(naive("2000-01-01"), naive("2030-01-01")))
def test_any_rule_falls_due_at_the_same_times_from_either_side(text: str, start: dt.datetime) -> None:
    start = start.replace(second=0, microsecond=0)
    try:
        rule = pattern(text, start)
    except RuleError:
        assume(False)
    walked = list(islice(rule.walk(start), 12))
    assume(walked)
    assert all(earlier < later for earlier, later in pairwise(walked))
    assert list(takewhile(lambda moment: moment >= start, rule.walk(walked[-1], backwards=True))) == walked[::-1]
    assert all(next(rule.walk(moment)) == moment for moment in walked)
