from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from django_report_scheduling.rendering.formatting import Direction, Formatter, active_formatter, use_formatter
from django_report_scheduling.reports import Unit

FORMATTER = Formatter(locale="en-GB")
NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (None, Unit.NUMBER, "–"),
        (NAN, Unit.NUMBER, "–"),
        (INFINITY, Unit.PERCENT, "–"),
        (-INFINITY, Unit.BYTES, "–"),
        (Decimal("NaN"), Unit.SECONDS, "–"),
        (True, Unit.NUMBER, "Yes"),
        (False, Unit.TEXT, "No"),
        (12, Unit.TEXT, "12"),
        ("\u202ex", Unit.TEXT, "x"),
        ("12", Unit.NUMBER, "12"),
        (0.125, Unit.PERCENT, "12.5%"),
        (1500, Unit.BYTES, "1.5 kB"),
        (75, Unit.SECONDS, "1m 15s"),
        (dt.date(2015, 5, 18), Unit.DATE, "18 May 2015"),
        (dt.datetime(2015, 5, 18, 8, 5, tzinfo=dt.UTC), Unit.DATETIME, "18 May 2015, 08:05"),
    ],
)
def test_values(value: Any, unit: Unit, expected: str) -> None:
    assert FORMATTER.value(value, unit).replace("\u00a0", " ") == expected


def test_months_are_named_in_the_language_of_the_text() -> None:
    mixed = Formatter(locale="en", number_format="de-CH")
    assert mixed.value(1234567.5) == "1’234’567.50"
    assert mixed.value(dt.date(2015, 5, 18)) == "May 18, 2015"
    assert Formatter(locale="en", number_format="en-GB").value(dt.date(2015, 5, 18)) == "18 May 2015"


def test_decimals_of_a_column_line_up() -> None:
    column = FORMATTER.column(Unit.NUMBER, [1, 2.5])
    assert [column(value) for value in (1, 2.5, 0, None, NAN, "x", True, 0.0012)] == [
        "1.00", "2.50", "0.00", "–", "–", "x", "Yes", "0.0012",
    ]  # fmt: skip
    assert FORMATTER.column(Unit.NUMBER, [1, 2.0, NAN])(3) == "3"
    assert FORMATTER.column(Unit.PERCENT, [0.5])(0.5) == "50.0%"


def test_headlines_are_short() -> None:
    assert FORMATTER.headline(12_345_678, Unit.NUMBER).casefold() == "12.3m"
    assert FORMATTER.headline(12_345_678, Unit.BYTES).replace("\u00a0", " ") == "12.3 MB"
    assert FORMATTER.headline(None, Unit.NUMBER) == FORMATTER.headline(NAN, Unit.NUMBER) == "–"


@pytest.mark.parametrize(
    ("value", "previous", "unit", "amount", "direction", "comparison"),
    [
        (110, 100, Unit.NUMBER, "+10.0%", Direction.UP, "up from 100"),
        (90, 100, Unit.NUMBER, "-10.0%", Direction.DOWN, "down from 100"),
        (100, 100, Unit.NUMBER, "", Direction.SAME, "unchanged at 100"),
        (1_000_001, 1_000_000, Unit.NUMBER, "", Direction.SAME, "unchanged at 1,000,000"),
        (300, 100, Unit.NUMBER, "+200%", Direction.UP, "up from 100"),
        (5000, 100, Unit.NUMBER, "×50", Direction.UP, "up from 100"),
        (5, 0, Unit.NUMBER, "+5", Direction.UP, "up from 0"),
        (-1234.5, 3, Unit.NUMBER, "-1,237.50", Direction.DOWN, "down from 3"),
        (-10, -20, Unit.NUMBER, "+50.0%", Direction.UP, "up from -20"),
        (500, -10, Unit.NUMBER, "+510", Direction.UP, "up from -10"),
        (0.0217, 0.031, Unit.PERCENT, "-0.9 pp", Direction.DOWN, "down from 3.1%"),
        (0.02171, 0.0217, Unit.PERCENT, "", Direction.SAME, "unchanged at 2.2%"),
        (Decimal("1.5"), 1, Unit.NUMBER, "+50.0%", Direction.UP, "up from 1"),
    ],
)
def test_changes(value: Any, previous: Any, unit: Unit, amount: str, direction: Direction, comparison: str) -> None:
    change = FORMATTER.change(value, previous, unit, good_if_up=True)
    assert change is not None
    assert (change.amount, change.direction, change.comparison) == (amount, direction, comparison)
    assert change.good is (None if direction is Direction.SAME else direction is Direction.UP)


@pytest.mark.parametrize(("value", "previous"), [(None, 1), (1, None), (NAN, 1), (1, INFINITY)])
def test_nothing_to_compare(value: Any, previous: Any) -> None:
    assert FORMATTER.change(value, previous, Unit.NUMBER, good_if_up=None) is None


def test_less_may_be_better_or_neither() -> None:
    worse = FORMATTER.change(2, 1, Unit.NUMBER, good_if_up=False)
    neutral = FORMATTER.change(2, 1, Unit.NUMBER, good_if_up=None)
    assert worse is not None
    assert worse.good is False
    assert neutral is not None
    assert neutral.good is None


def test_signs_keep_their_side_in_right_to_left_text() -> None:
    with translation.override("en"):
        change = Formatter(locale="ar").change(90, 100, Unit.NUMBER, good_if_up=None)
    assert change is not None
    assert change.amount.startswith("\u200e-")


def test_latin_text_keeps_its_punctuation_in_right_to_left_text() -> None:
    arabic = Formatter(locale="ar")
    assert arabic.value("/wp-login.php") == "\u200e/wp-login.php\u200e"
    assert arabic.value("مرحبا!") == "مرحبا!"


def test_filters_use_the_formatter_of_the_document() -> None:
    with use_formatter(FORMATTER):
        assert active_formatter() is FORMATTER
    assert active_formatter() is not FORMATTER
