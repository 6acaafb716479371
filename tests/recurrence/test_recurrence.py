from __future__ import annotations

import datetime as dt
import pickle

import pytest

from django_report_scheduling.choices import Frequency
from django_report_scheduling.recurrence import Recurrence, slots
from tests.recurrence.builders import custom, naive, problems, recurrence, rule_problem, utc

UNUSED = "A schedule with the frequency “{}” does not use this, but it is “{}”; leave it empty."
NEEDS_DAY = "A monthly or quarterly schedule needs a day of the month: 1 to 28, or -1 for the last day."


@pytest.mark.parametrize(
    ("field", "message", "values"),
    [
        (
            "frequency",
            "“fortnightly” is not a frequency; choose one of daily, weekly, monthly, quarterly, custom.",
            {"frequency": "fortnightly", "day_of_week": 9, "rule": "x"},
        ),
        (
            "timezone",
            "“Europe/Berln” is not a time zone; give an IANA name such as Europe/Berlin.",
            {"timezone": "Europe/Berln"},
        ),
        ("timezone", "“” is not a time zone; give an IANA name such as Europe/Berlin.", {"timezone": ""}),
        ("timezone", "“None” is not a time zone; give an IANA name such as", {"timezone": None}),
        ("timezone", "“../../etc/passwd” is not a time zone", {"timezone": "../../etc/passwd"}),
        ("timezone", f"“{'x' * 59}…” is not a time zone", {"timezone": "x" * 10_000}),
        ("time_of_day", "Give the local time of day, for example 08:00.", {"time_of_day": None}),
        ("time_of_day", "Give the local time of day, for example 08:00.", {"time_of_day": "08:00"}),
        (
            "time_of_day",
            "“08:00:00+00:00” carries a time zone of its own; give the plain local time, the zone has its own field.",
            {"time_of_day": dt.time(8, tzinfo=dt.UTC)},
        ),
        (
            "time_of_day",
            "“08:00:00.000001” is too fine; give whole seconds, for example 08:00.",
            {"time_of_day": dt.time(8, 0, 0, 1)},
        ),
        (
            "day_of_week",
            "A weekly schedule needs a day of the week: 0 (Monday) to 6 (Sunday).",
            {"frequency": "weekly"},
        ),
        *(
            (
                "day_of_week",
                f"“{value}” is not a day of the week; give 0 (Monday) to 6 (Sunday).",
                {"frequency": "weekly", "day_of_week": value},
            )
            for value in (-1, 7, "Monday")
        ),
        ("day_of_week", UNUSED.format("daily", 0), {"day_of_week": 0}),
        ("day_of_week", UNUSED.format("monthly", 0), {"frequency": "monthly", "day_of_month": 1, "day_of_week": 0}),
        ("day_of_week", UNUSED.format("custom", 0), {"frequency": "custom", "rule": "FREQ=DAILY", "day_of_week": 0}),
        ("day_of_month", NEEDS_DAY, {"frequency": "monthly"}),
        ("day_of_month", NEEDS_DAY, {"frequency": "quarterly"}),
        *(
            (
                "day_of_month",
                f"“{value}” is not a day that every month has; give 1 to 28, or -1 for the last day.",
                {"frequency": frequency, "day_of_month": value},
            )
            for frequency, value in [("monthly", 0), ("monthly", 29), ("quarterly", -2), ("quarterly", "last")]
        ),
        ("day_of_month", UNUSED.format("daily", 1), {"day_of_month": 1}),
        ("day_of_month", UNUSED.format("weekly", 1), {"frequency": "weekly", "day_of_week": 0, "day_of_month": 1}),
        ("recurrence", UNUSED.format("daily", "FREQ=DAILY"), {"rule": "FREQ=DAILY"}),
        (
            "recurrence",
            "Give a recurrence rule, for example FREQ=WEEKLY;BYDAY=MO,TH.",
            {"frequency": "custom"},
        ),
        (
            "starts_at",
            "“2026-01-01T00:00:00” has no time zone; add one, for example 2026-01-01T00:00:00+01:00.",
            {"starts_at": naive("2026-01-01")},
        ),
        ("starts_at", "lies outside the years 1970 to 2999", {"starts_at": dt.datetime.min.replace(tzinfo=dt.UTC)}),
        (
            "ends_at",
            "“9999-12-31T00:00:00+00:00” lies outside the years 1970 to 2999; leave it empty for no limit.",
            {"ends_at": utc("9999-12-31")},
        ),
        ("ends_at", "“2026-01-01T00:00:00” has no time zone;", {"ends_at": naive("2026-01-01")}),
        *(
            (
                "ends_at",
                f"The end, {end}T00:00:00+00:00, must be later than the start, 2026-01-02T00:00:00+00:00.",
                {"starts_at": utc("2026-01-02"), "ends_at": utc(end)},
            )
            for end in ("2026-01-01", "2026-01-02")
        ),
        (
            "ends_at",
            "The schedule would never run: it has no slot between its start, 2026-01-01T08:00:00+00:00, and its end",
            {"starts_at": utc("2026-01-01 08:00"), "ends_at": utc("2026-01-01 09:00")},
        ),
        (
            "starts_at",
            "Give a start: “COUNT=5” counts from it. Or end the rule with UNTIL instead.",
            {"frequency": "custom", "rule": "FREQ=DAILY;COUNT=5"},
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_the_remedy(
    field: str, message: str, values: dict[str, object]
) -> None:
    errors = problems(**values)
    assert list(errors) == [field]
    assert errors[field][0].startswith(message) or message in errors[field][0]


def test_all_wrong_fields_are_named_at_once() -> None:
    errors = problems(
        frequency="custom",
        timezone="Mars/Olympus",
        time_of_day=None,
        day_of_week=1,
        day_of_month=1,
        rule="FREQ=SECONDLY;COUNT=0",
        starts_at=naive("2026-01-01"),
        ends_at=naive("2025-01-01"),
    )
    assert {field: len(messages) for field, messages in errors.items()} == {
        "timezone": 1,
        "time_of_day": 1,
        "day_of_week": 1,
        "day_of_month": 1,
        "starts_at": 1,
        "ends_at": 1,
        "recurrence": 2,
    }


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2,4,6;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;BYHOUR=8;BYSETPOS=2",
        "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
    ],
)
def test_a_rule_that_never_falls_due_is_refused_without_a_search_to_the_end_of_time(rule: str) -> None:
    assert rule_problem(rule) == f"“{rule}” never falls due: no day and time fit all of its parts."


def test_a_rule_that_ends_before_its_start_is_refused() -> None:
    message = rule_problem("FREQ=DAILY;UNTIL=20251231", starts_at=utc("2026-01-01"))
    assert message.startswith(
        "The schedule would never run: UNTIL is before the first slot that follows its start, 2026-"
    )


def test_a_rule_that_has_ended_long_ago_is_valid() -> None:
    assert custom("FREQ=DAILY;UNTIL=20011231").timeline.last == utc("2001-12-31 22:59:59.999999")


def test_the_frequency_may_be_given_as_its_value() -> None:
    assert recurrence("daily").frequency is Frequency.DAILY


def test_recurrences_are_values() -> None:
    one, other = custom("FREQ=DAILY", starts_at=utc("2026-01-01")), custom("FREQ=DAILY", starts_at=utc("2026-01-01"))
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert one != recurrence()
    assert isinstance(one, Recurrence)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", "01-02 01-03 01-04"),  # 08:00 of 1 January lies before the start
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "01-05 01-12"),
        ("FREQ=DAILY;UNTIL=20260103", "01-02 01-03"),
        ("FREQ=DAILY;UNTIL=20260103T075959", "01-02"),
        ("FREQ=DAILY;UNTIL=20260103T080000", "01-02 01-03"),
        ("FREQ=DAILY;UNTIL=20260103T065959Z", "01-02"),
        ("FREQ=DAILY;UNTIL=20260103T070000Z", "01-02 01-03"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2", "02-01 03-01"),
    ],
)
def test_count_and_until_end_a_rule(rule: str, days: str) -> None:
    found = slots(custom(rule, starts_at=utc("2026-01-01 12:00")), after=utc("2000-01-01"), count=10)
    assert " ".join(f"{slot:%m-%d}" for slot in found) == days


def test_the_earlier_of_two_ends_counts() -> None:
    rule = custom("FREQ=DAILY;COUNT=9", starts_at=utc("2026-01-01"), ends_at=utc("2026-01-02 07:00"))
    assert slots(rule, after=utc("2000-01-01"), count=10) == [utc("2026-01-01 07:00"), utc("2026-01-02 07:00")]


def test_a_count_of_more_than_a_century_does_not_end_the_rule() -> None:
    assert custom("FREQ=YEARLY;COUNT=1000", starts_at=utc("2026-01-01")).timeline.last is None


def test_a_rule_without_a_start_counts_from_the_first_monday_of_the_century() -> None:
    assert slots(custom("FREQ=WEEKLY;INTERVAL=2"), after=utc("2001-01-01"), count=2) == [
        utc("2001-01-01 07:00"),
        utc("2001-01-15 07:00"),
    ]
