from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from django_report_scheduling.rendering.formatting import decimals
from django_report_scheduling.rendering.locales import parse_locale

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (0, "en", "0"),
        (1234567, "en", "1,234,567"),
        (1234567, "de", "1.234.567"),
        (1234567, "de-CH", "1’234’567"),
        (-1234567.5, "de-CH", "-1’234’567.50"),
        (1234567, "fr", "1\u202f234\u202f567"),
        (12345678, "hi", "1,23,45,678"),
        (-5, "en", "-5"),
        (-5, "ar", "\u200e-5"),
        (12.0, "en", "12"),
        (12.5, "en", "12.50"),
        (0.126, "en", "0.13"),
        (0.0123, "en", "0.012"),
        (0.00012, "de", "0,00012"),
        (1e-9, "en", "1 × 10⁻⁹"),
        (10**18, "en", "1,000,000,000,000,000,000"),
        (10**40, "en", "1 × 10⁴⁰"),
        (10**400, "en", "1 × 10⁴⁰⁰"),
        (Decimal("1.5e999999"), "de", "1,5 × 10⁹⁹⁹⁹⁹⁹"),
        (Decimal("12.50"), "en", "12.50"),
        (-1.234e300, "en", "-1.23 × 10³⁰⁰"),
    ],
)
def test_natural(value: Any, locale: str, expected: str) -> None:
    assert decimals.natural(value, parse_locale(locale)) == expected


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (0, "en", "0.0%"),
        (0.125, "en", "12.5%"),
        (0.125, "de", f"12,5{NBSP}%"),
        (0.125, "tr", "%12,5"),
        (-0.5, "en", "-50.0%"),
        (12.5, "en", "1,250.0%"),
        (0.0001, "en", "<0.1%"),
        (-0.0001, "en", ">-0.1%"),
        (Decimal("0.0006"), "en", "0.1%"),
        (1e30, "en", "1 × 10³²%"),
    ],
)
def test_percent(value: Any, locale: str, expected: str) -> None:
    assert decimals.percent(value, parse_locale(locale)) == expected


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (1_234_567, "en", "1,234,567"),
        (12_345_678, "en", "12.3M"),
        (-12_345_678, "en", "-12.3M"),
        (12_345_678, "de", f"12,3{NBSP}Mio."),
        (10**15, "en", "1 × 10¹⁵"),
        (0.5, "en", "0.50"),
    ],
)
def test_compact(value: Any, locale: str, expected: str) -> None:
    assert decimals.compact(value, parse_locale(locale)) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), Decimal("NaN"), Decimal("Infinity")])
def test_not_finite(value: Any) -> None:
    assert not decimals.is_finite(value)


@pytest.mark.parametrize("value", [1.8e306, -1.7e308, Decimal("1E+999999")])
def test_a_percentage_beyond_every_range_is_still_a_number(value: float | Decimal) -> None:
    text = decimals.percent(value, parse_locale("en"))

    assert "× 10" in text
    assert text.endswith("%")
