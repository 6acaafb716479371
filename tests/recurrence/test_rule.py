from __future__ import annotations

import pytest

from django_report_scheduling.recurrence.rule import Rule
from django_report_scheduling.recurrence.rule_text import parse_rule
from tests.recurrence.builders import naive

START = naive("2026-05-21 08:15")  # a Thursday


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("FREQ=HOURLY", "FREQ=HOURLY;BYMINUTE=15"),
        ("FREQ=HOURLY;BYMINUTE=0", "FREQ=HOURLY;BYMINUTE=0"),
        ("FREQ=DAILY", "FREQ=DAILY;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=DAILY;BYHOUR=6", "FREQ=DAILY;BYHOUR=6;BYMINUTE=15"),
        ("FREQ=DAILY;BYMINUTE=0", "FREQ=DAILY;BYHOUR=8;BYMINUTE=0"),
        ("FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TH;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=21;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=21;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=YEARLY;BYMONTH=1,2", "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=21;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=YEARLY;BYYEARDAY=1", "FREQ=YEARLY;BYYEARDAY=1;BYHOUR=8;BYMINUTE=15"),
        ("FREQ=YEARLY;BYWEEKNO=1", "FREQ=YEARLY;BYWEEKNO=1;BYDAY=TH;BYHOUR=8;BYMINUTE=15"),
    ],
)
def test_what_a_rule_leaves_open_comes_from_its_start(text: str, completed: str) -> None:
    rule: Rule = parse_rule(text)
    assert rule.anchored(START) == parse_rule(completed)
