"""Decimal numbers, percentages and short forms of large numbers."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale
from babel.numbers import (
    NumberPattern,
    format_compact_decimal,
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
    parse_pattern,
)

Number = int | float | Decimal

_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_COMPACT_FROM: Final = 10_000_000
_SCIENTIFIC_FROM: Final = 10**15
_SCIENTIFIC_ALWAYS_FROM: Final = 10**24
_SCIENTIFIC_BELOW: Final = 1e-6
_ENGLISH: Final = Locale("en")


def is_finite(value: Number) -> bool:
    """Whether the number is neither infinite nor "not a number"."""
    if isinstance(value, int):
        return True
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def magnitude(value: Number) -> Number:
    """Return the number without its sign; ``abs`` has no type that fits all three kinds."""
    return value if value >= 0 else -value


def is_whole(value: Number) -> bool:
    """Whether a finite number has no decimals; beyond 10²⁴ nobody asks."""
    return magnitude(value) >= _SCIENTIFIC_ALWAYS_FROM or value == int(value)


def fixed(value: Number, digits: int, locale: Locale) -> str:
    """Return the number with exactly ``digits`` decimals, e.g. ``1’234.50``."""
    if magnitude(value) >= _SCIENTIFIC_ALWAYS_FROM:
        return scientific(value, locale)
    return _signed(_applied(_pattern(locale, digits, percent=False), value, locale), value, locale)


def natural(value: Number, locale: Locale) -> str:
    """Return whole numbers without decimals, others with two, and small ones with two significant digits."""
    if is_whole(value):
        return fixed(value, 0, locale)
    size = magnitude(value)
    if size < _SCIENTIFIC_BELOW:
        return scientific(value, locale)
    return fixed(value, 2 if size >= 0.1 else 1 - math.floor(math.log10(size)), locale)


def percent(value: Number, locale: Locale, digits: int = 1) -> str:
    """Return a ratio as percentage; what would round to zero without being zero is shown as ``<0.1%``."""
    pattern = _pattern(locale, digits, percent=True)
    smallest = 10.0 ** -(digits + 2)
    if value and magnitude(value) < smallest / 2:
        return ("<" if value > 0 else ">-") + _applied(pattern, smallest, locale)
    if magnitude(value) >= _SCIENTIFIC_ALWAYS_FROM:
        return scientific(Decimal(value), locale, shift=2) + "%"
    return _signed(_applied(pattern, value, locale), value, locale)


def compact(value: Number, locale: Locale) -> str:
    """Return a number short enough for a headline or an axis: ``12.3M``, ``1 × 10¹⁸``; small ones in full."""
    size = magnitude(value)
    if size < _COMPACT_FROM:
        return natural(value, locale)
    if size >= _SCIENTIFIC_FROM:
        return scientific(value, locale)
    return str(format_compact_decimal(value, locale=locale, fraction_digits=1))


def scientific(value: Number, locale: Locale, *, shift: int = 0) -> str:
    """Return the number with a power of ten, as people write it: ``1.5 × 10¹⁸``.

    :param shift: is added to the power, where a multiplication could leave the range of the type.
    """
    mantissa, _, exponent = f"{Decimal(value):.2e}".partition("e")
    shown = fixed(Decimal(mantissa), 2, locale).rstrip("0").removesuffix(get_decimal_symbol(locale))
    return f"{shown} × 10{str(int(exponent) + shift).translate(_SUPERSCRIPT)}"


def _signed(text: str, value: Number, locale: Locale) -> str:
    """Put in the locale's minus; in right-to-left scripts it brings the mark that keeps it on its side."""
    return text.replace("-", get_minus_sign_symbol(locale), 1) if value < 0 else text


def _applied(pattern: NumberPattern, value: Number, locale: Locale) -> str:
    if get_group_symbol(locale) != "'":
        return str(pattern.apply(value, locale))
    # Babel takes for quotes, and out, the apostrophes by which the Swiss group digits since CLDR 48.
    symbols = str.maketrans({",": "’", ".": get_decimal_symbol(locale)})
    return str(pattern.apply(value, _ENGLISH)).translate(symbols)


@cache
def _pattern(locale: Locale, digits: int, *, percent: bool) -> NumberPattern:
    formats = locale.percent_formats if percent else locale.decimal_formats
    whole = formats[None].pattern.partition(";")[0].replace(".###", "")
    last_digit = whole.rindex("0") + 1
    decimals = "." + "0" * digits if digits else ""
    return parse_pattern(whole[:last_digit] + decimals + whole[last_digit:])
