from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.choices import Frequency
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import Recurrence, next_slot, period_for, previous_period, slot_covering
from tests.recurrence.builders import custom, local, naive, recurrence, utc

BERLIN = "Europe/Berlin"


def shown(period: Period) -> str:
    return f"{period.start:%Y-%m-%d %H:%M} – {period.end:%Y-%m-%d %H:%M}"


def period(start: str, end: str, zone: str = BERLIN) -> Period:
    return Period(start=local(start, zone), end=local(end, zone)).in_zone(ZoneInfo(zone))


@pytest.mark.parametrize(
    ("fields", "slot", "covered"),
    [
        ({}, "2026-01-01 08:00", "2025-12-31 00:00 – 2026-01-01 00:00"),
        ({"at": "00:00"}, "2026-01-01 00:00", "2025-12-31 00:00 – 2026-01-01 00:00"),
        ({}, "2026-03-30 08:00", "2026-03-29 00:00 – 2026-03-30 00:00"),  # 23 hours
        ({"zone": "America/Sao_Paulo"}, "2018-11-05 08:00", "2018-11-04 01:00 – 2018-11-05 00:00"),
        ({"zone": "Asia/Beirut", "at": "00:00"}, "2026-03-29 01:00", "2026-03-28 00:00 – 2026-03-29 01:00"),
        ({"zone": "Africa/Cairo"}, "2026-04-24 08:00", "2026-04-23 00:00 – 2026-04-24 01:00"),
        ({"zone": "Pacific/Apia"}, "2011-12-31 08:00", "2011-12-29 00:00 – 2011-12-31 00:00"),
        ({"zone": "Pacific/Apia"}, "2012-01-01 08:00", "2011-12-31 00:00 – 2012-01-01 00:00"),
        # 23:30 is skipped and becomes 00:30 of the next day: still the report of the 28th
        ({"zone": "America/Nuuk", "at": "23:30"}, "2026-03-29 00:30", "2026-03-27 00:00 – 2026-03-28 00:00"),
        ({"frequency": "weekly", "day_of_week": 0}, "2026-01-05 08:00", "2025-12-29 00:00 – 2026-01-05 00:00"),
        ({"frequency": "weekly", "day_of_week": 6}, "2026-01-11 08:00", "2025-12-29 00:00 – 2026-01-05 00:00"),
        ({"frequency": "monthly", "day_of_month": 1}, "2026-01-01 08:00", "2025-12-01 00:00 – 2026-01-01 00:00"),
        ({"frequency": "monthly", "day_of_month": -1}, "2028-03-31 08:00", "2028-02-01 00:00 – 2028-03-01 00:00"),
        ({"frequency": "quarterly", "day_of_month": 1}, "2026-01-01 08:00", "2025-10-01 00:00 – 2026-01-01 00:00"),
        ({"frequency": "quarterly", "day_of_month": -1}, "2026-07-31 08:00", "2026-04-01 00:00 – 2026-07-01 00:00"),
        # by hand, at any time
        ({}, "2026-01-01 17:23", "2025-12-31 00:00 – 2026-01-01 00:00"),
        ({"frequency": "quarterly", "day_of_month": 1}, "2026-06-15 17:23", "2026-01-01 00:00 – 2026-04-01 00:00"),
    ],
)
def test_a_slot_covers_the_calendar_period_before_it(fields: dict[str, Any], slot: str, covered: str) -> None:
    rule = recurrence(**fields)
    found = period_for(rule, slot=local(slot, rule.timezone))
    assert shown(found) == covered
    assert found.start.tzinfo is found.end.tzinfo is ZoneInfo(rule.timezone)


@pytest.mark.parametrize(
    ("rule", "fields", "slot", "covered"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", {}, "2026-01-05 08:00", "2026-01-01 08:00 – 2026-01-05 08:00"),
        ("FREQ=HOURLY", {}, "2026-03-29 03:00", "2026-03-29 01:00 – 2026-03-29 03:00"),
        ("FREQ=HOURLY", {}, "2026-10-25 03:00", "2026-10-25 02:00 – 2026-10-25 03:00"),
        # the first slot is as long as the others
        (
            "FREQ=DAILY;COUNT=1",
            {"starts_at": utc("2026-01-05")},
            "2026-01-05 08:00",
            "2026-01-04 08:00 – 2026-01-05 08:00",
        ),
        # by hand, at any time
        ("FREQ=DAILY", {}, "2026-01-05 09:30", "2026-01-05 08:00 – 2026-01-05 09:30"),
        # nothing before it in living memory
        (
            "FREQ=YEARLY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
            {"starts_at": utc("2044-01-01")},
            "2044-02-29 08:00",
            "1994-03-13 08:00 – 2044-02-29 08:00",
        ),
    ],
)
def test_a_slot_of_a_custom_rule_covers_the_time_since_the_slot_before(
    rule: str, fields: dict[str, Any], slot: str, covered: str
) -> None:
    at = "00:00" if "HOURLY" in rule else "08:00"
    assert shown(period_for(custom(rule, at=at, **fields), slot=local(slot, BERLIN))) == covered


def test_the_zone_in_which_the_slot_is_given_does_not_matter() -> None:
    slot = utc("2026-01-01 07:00")
    assert period_for(recurrence(), slot=slot) == period_for(recurrence(), slot=slot.astimezone(ZoneInfo("Asia/Tokyo")))


@pytest.mark.parametrize(
    ("frequency", "current", "before"),
    [
        ("daily", period("2026-01-01", "2026-01-02"), "2025-12-31 00:00 – 2026-01-01 00:00"),
        ("daily", period("2011-12-31", "2012-01-01", "Pacific/Apia"), "2011-12-29 00:00 – 2011-12-31 00:00"),
        ("weekly", period("2026-03-30", "2026-04-06"), "2026-03-23 00:00 – 2026-03-30 00:00"),
        ("monthly", period("2026-03-01", "2026-04-01"), "2026-02-01 00:00 – 2026-03-01 00:00"),
        ("monthly", period("2026-01-01", "2026-02-01"), "2025-12-01 00:00 – 2026-01-01 00:00"),
        ("quarterly", period("2026-01-01", "2026-04-01"), "2025-10-01 00:00 – 2026-01-01 00:00"),
        ("custom", period("2026-03-30 08:00", "2026-04-06 08:00"), "2026-03-23 08:00 – 2026-03-30 08:00"),
        ("custom", period("2026-03-29 03:00", "2026-03-29 04:00"), "2026-03-29 01:00 – 2026-03-29 03:00"),
        ("custom", period("2011-12-31", "2012-01-01", "Pacific/Apia"), "2011-12-29 00:00 – 2011-12-31 00:00"),
    ],
)
def test_the_period_before_is_the_one_to_compare_with(frequency: str, current: Period, before: str) -> None:
    found = previous_period(current, frequency=Frequency(frequency))
    assert shown(found) == before
    assert found.end == current.start


@pytest.mark.parametrize(
    ("rule", "instant", "slot"),
    [
        (recurrence(), "2026-01-01 00:00", "2026-01-02 08:00"),
        (recurrence(), "2026-01-01 23:59", "2026-01-02 08:00"),
        (recurrence("weekly", day_of_week=2), "2026-01-01 12:00", "2026-01-07 08:00"),
        (recurrence("monthly", day_of_month=-1), "2026-01-31 12:00", "2026-02-28 08:00"),
        (recurrence("quarterly", day_of_month=15), "2026-01-01 12:00", "2026-04-15 08:00"),
        (custom("FREQ=WEEKLY;BYDAY=MO"), "2026-01-05 07:59", "2026-01-05 08:00"),
        (custom("FREQ=WEEKLY;BYDAY=MO"), "2026-01-05 08:00", "2026-01-12 08:00"),
        (recurrence(starts_at=utc("2026-06-01")), "2026-01-01 12:00", "2026-01-02 08:00"),  # before the start
        (recurrence(ends_at=local("2026-01-02 08:00", BERLIN)), "2026-01-01 12:00", "2026-01-02 08:00"),
    ],
)
def test_the_slot_that_covers_an_instant(rule: Recurrence, instant: str, slot: str) -> None:
    moment = local(instant, BERLIN)
    found = slot_covering(rule, instant=moment)
    assert found == local(slot, BERLIN)
    covered = period_for(rule, slot=found)
    assert covered.start <= moment < covered.end


@pytest.mark.parametrize(
    "rule",
    [
        recurrence(ends_at=utc("2026-01-01 12:00")),
        custom("FREQ=DAILY;UNTIL=20260101"),
        custom("FREQ=DAILY;COUNT=3", starts_at=utc("2025-12-01")),
    ],
)
def test_nothing_covers_an_instant_after_the_end(rule: Recurrence) -> None:
    assert slot_covering(rule, instant=utc("2026-01-01 13:00")) is None


def test_nothing_covers_an_instant_after_the_last_slot_for_fifty_years() -> None:
    rare = custom("FREQ=YEARLY;INTERVAL=10;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", starts_at=utc("2044-01-01"))
    assert slot_covering(rare, instant=utc("2045-01-01")) is None
    assert next_slot(rare, after=utc("2045-01-01")) is None


@pytest.mark.parametrize(
    "call", [lambda n: period_for(recurrence(), slot=n), lambda n: slot_covering(recurrence(), instant=n)]
)
def test_a_naive_instant_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="An instant is aware"):
        call(naive("2026-01-01"))
