from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.recurrence.rule import Rule, RuleError, Unit
from django_report_scheduling.recurrence.rule_text import parse_rule
from tests.recurrence.builders import naive

YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY = Unit.YEARLY, Unit.MONTHLY, Unit.WEEKLY, Unit.DAILY, Unit.HOURLY
NAMES = (
    "FREQ, INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSETPOS"
)
FREQ = "FREQ is one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY; reports cannot fall due more often than hourly."
INTERVAL = "INTERVAL is a whole number from 1 up to ten years' worth."
COUNT = "COUNT is a whole number from 1 to 1000; for a later end use UNTIL."
UNTIL = "UNTIL is 20261231T225959Z (UTC), 20261231T235959 or 20261231 (local), from 1970 to 2999."
BYDAY = "BYDAY lists weekdays such as MO,TH, or 1MO (first), -1FR (last)."
ONLY_RULE = (
    "“{}” cannot be part of the rule: the start and the end of a schedule have fields of their own, and single dates "
    "cannot be added or left out. Give the RRULE alone, for example FREQ=WEEKLY;BYDAY=MO,TH."
)


def messages(text: str) -> list[str]:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    return caught.value.messages


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=DAILY", Rule(unit=DAILY)),
        ("RRULE:FREQ=DAILY;", Rule(unit=DAILY)),
        (" freq=daily; interval=2 ", Rule(unit=DAILY, interval=2)),
        ("FREQ=WEEKLY;BYDAY=MO,TH", Rule(unit=WEEKLY, weekdays=frozenset({(0, 0), (3, 0)}))),
        ("BYDAY=+1MO,-1FR;FREQ=MONTHLY", Rule(unit=MONTHLY, weekdays=frozenset({(0, 1), (4, -1)}))),
        ("FREQ=YEARLY;BYDAY=20MO", Rule(unit=YEARLY, weekdays=frozenset({(0, 20)}))),
        ("FREQ=WEEKLY;WKST=SU", Rule(unit=WEEKLY, week_start=6)),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=-1", Rule(unit=YEARLY, months={1, 7}, month_days={-1})),
        ("FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO", Rule(unit=YEARLY, week_numbers={1, -1}, weekdays={(0, 0)})),
        ("FREQ=YEARLY;BYYEARDAY=100,-1", Rule(unit=YEARLY, year_days={100, -1})),
        ("FREQ=DAILY;BYHOUR=8,16;BYMINUTE=30", Rule(unit=DAILY, hours={8, 16}, minutes={30})),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", Rule(unit=MONTHLY, weekdays={(0, 0), (1, 0)}, positions={-1})),
        ("FREQ=HOURLY;INTERVAL=6;COUNT=1000", Rule(unit=HOURLY, interval=6, count=1000)),
        (
            "FREQ=DAILY;UNTIL=20261231T225959Z",
            Rule(unit=DAILY, until=dt.datetime(2026, 12, 31, 22, 59, 59, tzinfo=dt.UTC)),
        ),
        ("FREQ=DAILY;UNTIL=20261231T080000", Rule(unit=DAILY, until=naive("2026-12-31 08:00"))),
        ("FREQ=DAILY;UNTIL=20261231", Rule(unit=DAILY, until=dt.datetime.combine(dt.date(2026, 12, 31), dt.time.max))),
    ],
)
def test_a_rule_is_read_as_rfc_5545_means_it(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Give a recurrence rule, for example FREQ=WEEKLY;BYDAY=MO,TH."),
        (" ", "Give a recurrence rule, for example FREQ=WEEKLY;BYDAY=MO,TH."),
        (
            "FREQ=DAILY;BYHOUR=" + "1," * 300,
            "The rule has 618 characters; at most 500 are allowed. Example: FREQ=WEEKLY;BYDAY=MO,TH.",
        ),
        ("DTSTART:20260101T080000\nRRULE:FREQ=DAILY", ONLY_RULE.format("DTSTART")),
        ("FREQ=DAILY\nEXDATE:20260101T080000", ONLY_RULE.format("EXDATE")),
        ("RDATE:20260101T080000", ONLY_RULE.format("RDATE")),
        ("FREQ=DAILY\nFREQ=WEEKLY", "Give one rule on a single line, for example FREQ=WEEKLY;BYDAY=MO,TH."),
        ("BYDAY=MO", "The rule has no FREQ, which says how often it repeats. Example: FREQ=WEEKLY;BYDAY=MO,TH."),
        ("FREQ=DAILY;FREQ=WEEKLY", "“FREQ=WEEKLY”: FREQ is given twice."),
        *(
            (text, f"“{part}” is not understood: parts are NAME=VALUE, separated by “;”, with the names {NAMES}.")
            for text, part in [
                ("FREQ=DAILY;FOO=1", "FOO=1"),
                ("FREQ=DAILY;BYSECOND=0", "BYSECOND=0"),
                ("FREQ=YEARLY;BYEASTER=0", "BYEASTER=0"),
                ("FREQ=DAILY;;INTERVAL=2", ""),
                ("FREQ=DAILY;" + "X" * 100, "X" * 59 + "…"),
            ]
        ),
        *(
            (text, f"“{part}” is not valid: {explanation}")
            for text, part, explanation in [
                ("FREQ=", "FREQ=", FREQ),
                ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY", FREQ),
                ("FREQ=MINUTELY", "FREQ=MINUTELY", FREQ),
                ("FREQ=SECONDLY", "FREQ=SECONDLY", FREQ),
                ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0", INTERVAL),
                ("FREQ=DAILY;INTERVAL=-1", "INTERVAL=-1", INTERVAL),
                ("FREQ=DAILY;INTERVAL=two", "INTERVAL=TWO", INTERVAL),
                ("FREQ=DAILY;INTERVAL=1000000000", "INTERVAL=1000000000", INTERVAL),
                ("FREQ=DAILY;COUNT=0", "COUNT=0", COUNT),
                ("FREQ=DAILY;COUNT=1001", "COUNT=1001", COUNT),
                ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL=TOMORROW", UNTIL),
                ("FREQ=DAILY;UNTIL=20261331", "UNTIL=20261331", UNTIL),
                ("FREQ=DAILY;UNTIL=2026-12-31", "UNTIL=2026-12-31", UNTIL),
                ("FREQ=DAILY;UNTIL=99991231T235959Z", "UNTIL=99991231T235959Z", UNTIL),
                ("FREQ=WEEKLY;WKST=XX", "WKST=XX", "WKST is one of MO, TU, WE, TH, FR, SA, SU."),
                ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13", "BYMONTH lists months from 1 to 12, such as 1,4,7,10."),
                ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH=-1", "BYMONTH lists months from 1 to 12, such as 1,4,7,10."),
                ("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO=54", "BYWEEKNO lists weeks from 1 to 53, or -53 to -1."),
                ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY=367", "BYYEARDAY lists days from 1 to 366, or -366 to -1."),
                (
                    "FREQ=MONTHLY;BYMONTHDAY=0",
                    "BYMONTHDAY=0",
                    "BYMONTHDAY lists days from 1 to 31, or -31 to -1 (last).",
                ),
                ("FREQ=WEEKLY;BYDAY=", "BYDAY=", BYDAY),
                ("FREQ=WEEKLY;BYDAY=MO,XX", "BYDAY=MO,XX", BYDAY),
                ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY=0MO", BYDAY),
                ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY=54MO", BYDAY),
                ("FREQ=MONTHLY;BYDAY=999999MO", "BYDAY=999999MO", BYDAY),
                ("FREQ=DAILY;BYHOUR=24", "BYHOUR=24", "BYHOUR lists hours from 0 to 23."),
                ("FREQ=DAILY;BYHOUR=1,,2", "BYHOUR=1,,2", "BYHOUR lists hours from 0 to 23."),
                ("FREQ=DAILY;BYHOUR=٣", "BYHOUR=٣", "BYHOUR lists hours from 0 to 23."),
                ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE=60", "BYMINUTE is a minute from 0 to 59."),
                ("FREQ=DAILY;BYSETPOS=367", "BYSETPOS=367", "BYSETPOS lists places from 1 to 366, or -366 to -1."),
            ]
        ),
        (
            "FREQ=DAILY;BYMINUTE=0,30",
            "“BYMINUTE=0,30”: give a single minute, reports cannot fall due more often than hourly.",
        ),
        *(
            (
                f"FREQ={unit};INTERVAL={limit + 1}",
                f"“INTERVAL={limit + 1}” is out of range: 1 to {limit} for FREQ={unit}.",
            )
            for unit, limit in [
                ("YEARLY", 10),
                ("MONTHLY", 120),
                ("WEEKLY", 520),
                ("DAILY", 3650),
                ("HOURLY", 87_600),
            ]
        ),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO cannot be combined with FREQ=MONTHLY, only with FREQ=YEARLY."),
        ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY cannot be combined with FREQ=DAILY, only with FREQ=YEARLY, HOURLY."),
        (
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "BYMONTHDAY cannot be combined with FREQ=WEEKLY, only with FREQ=YEARLY, MONTHLY, DAILY, HOURLY.",
        ),
        (
            "FREQ=HOURLY;BYHOUR=1;BYSETPOS=1",
            "BYSETPOS cannot be combined with FREQ=HOURLY, only with FREQ=YEARLY, MONTHLY, WEEKLY, DAILY.",
        ),
        *(
            (text, "BYDAY takes a number, as in 1MO, only with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO.")
            for text in ["FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;BYDAY=-1MO", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO"]
        ),
        *(
            (text, "BYDAY counts up to 5 weekdays in a month, but the rule asks for number 6.")
            for text in ["FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=-6MO"]
        ),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "Give COUNT or UNTIL, not both."),
        (
            "FREQ=MONTHLY;BYSETPOS=1",
            "BYSETPOS chooses among the days of another part, for example FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1.",
        ),
    ],
)
def test_a_broken_rule_is_refused_with_the_part_and_the_remedy(text: str, message: str) -> None:
    assert messages(text) == [message]


def test_every_fault_is_told_at_once() -> None:
    assert [message.split("”")[0] for message in messages("FREQ=SECONDLY;INTERVAL=x;FOO=1")] == [
        "“FREQ=SECONDLY",
        "“INTERVAL=X",
        "“FOO=1",
    ]
    assert len(messages("FREQ=WEEKLY;BYDAY=1MO;BYMINUTE=1,2;INTERVAL=1000")) == 3
