"""What is found by counting is what the general pattern finds by expanding the calendar."""

from __future__ import annotations

import datetime as dt
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.recurrence.pattern import Pattern
from django_report_scheduling.recurrence.plain_pattern import PlainPattern
from django_report_scheduling.recurrence.rule_text import parse_rule
from tests.recurrence.builders import naive

TIMES = st.times().map(lambda time: time.replace(microsecond=0))
WEEKDAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True).map(",".join)
MONTHS = st.lists(st.integers(1, 12).map(str), min_size=1, unique=True).map(",".join)
MONTH_DAYS = st.integers(-1, 28).filter(bool)
PLAIN = st.one_of(
    st.just("FREQ=DAILY"),
    st.builds("FREQ=DAILY;BYDAY={}".format, WEEKDAYS),
    st.builds("FREQ=WEEKLY;BYDAY={}".format, WEEKDAYS),
    st.builds("FREQ=WEEKLY;WKST=SU;BYDAY={}".format, WEEKDAYS),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, MONTH_DAYS),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={};BYMONTH={}".format, MONTH_DAYS, MONTHS),
)


@settings(deadline=None, max_examples=200)
@given(
    text=PLAIN,
    time=TIMES,
    start=st.datetimes(naive("0002-01-01"), naive("9998-12-31 23:59:59")),
    backwards=st.booleans(),
)
def test_a_plain_rule_falls_due_at_the_same_times_either_way(
    text: str, time: dt.time, start: dt.datetime, backwards: bool
) -> None:
    rule = parse_rule(text)
    plain, anchor = PlainPattern.of(rule, time), dt.datetime.combine(dt.date(2001, 1, 1), time)
    assert plain is not None
    general = Pattern(rule.anchored(anchor), anchor)

    assert list(islice(plain.walk(start, backwards=backwards), 8)) == list(
        islice(general.walk(start, backwards=backwards), 8)
    )


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=HOURLY",
        "FREQ=YEARLY",
        "FREQ=WEEKLY",
        "FREQ=MONTHLY",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=DAILY;BYMONTH=5",
        "FREQ=DAILY;BYHOUR=9",
        "FREQ=WEEKLY;BYDAY=MO;BYMINUTE=30",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
    ],
)
def test_what_is_not_plain_is_left_to_the_general_pattern(text: str) -> None:
    assert PlainPattern.of(parse_rule(text), dt.time(8)) is None


@pytest.mark.parametrize("text", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=-1"])
@pytest.mark.parametrize(("start", "backwards"), [("9998-12-01", False), ("0002-02-01", True)])
def test_a_walk_ends_with_the_calendar(text: str, start: str, backwards: bool) -> None:
    plain = PlainPattern.of(parse_rule(text), dt.time(8))
    assert plain is not None
    assert 1 <= len(list(plain.walk(naive(start), backwards=backwards))) <= 32
