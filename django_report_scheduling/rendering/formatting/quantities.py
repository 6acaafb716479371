"""Bytes and durations."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal

from babel import Locale
from babel.units import format_unit

from django_report_scheduling.rendering.formatting.decimals import Number, fixed, is_finite, magnitude, scientific

_BYTE_UNITS: Final = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte")
_PARTS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
_LENGTHS: Final[tuple[Literal["narrow", "short"], ...]] = ("narrow", "short")
_SYMBOLS: Final = {
    "digital-kilobyte": "kB",
    "digital-megabyte": "MB",
    "digital-gigabyte": "GB",
    "digital-terabyte": "TB",
    "digital-petabyte": "PB",
    "duration-day": "d",
    "duration-hour": "h",
    "duration-minute": "min",
    "duration-second": "s",
    "duration-millisecond": "ms",
}
_LARGEST: Final = 10**21


def byte_size(value: Number, locale: Locale) -> str:
    """Return a size in the largest fitting unit of 1,000 (SI) steps, e.g. ``1.2 MB``."""
    if magnitude(value) >= _LARGEST:
        return f"{scientific(value, locale)} B"
    size = float(value)
    step = 0
    while abs(size) >= 999.95 and step < len(_BYTE_UNITS) - 1:
        size /= 1000
        step += 1
    digits = 0 if step == 0 or size == int(size) else 1
    return _with_unit(size, f"digital-{_BYTE_UNITS[step]}", digits, locale) if step else f"{fixed(size, 0, locale)} B"


def duration(value: Number, locale: Locale) -> str:
    """Return a duration in at most two units: ``250ms``, ``4.2s``, ``3m 25s``, ``2d 4h``."""
    if magnitude(value) >= _LARGEST or not is_finite(value):
        return f"{scientific(value, locale)} s"
    seconds = float(value)
    if seconds < 0:
        return "-" + duration(-seconds, locale)
    if seconds and seconds < 0.9995:
        milliseconds = seconds * 1000
        return _with_unit(milliseconds, "duration-millisecond", 0 if milliseconds >= 9.95 else 1, locale)
    if seconds < 59.95:
        return _with_unit(seconds, "duration-second", 0 if seconds == int(seconds) else 1, locale)
    (name, size), (next_name, next_size) = next(
        (larger, smaller)
        for larger, smaller in pairwise(_PARTS)
        if round(seconds / smaller[1]) * smaller[1] >= larger[1]
    )
    count, rest = divmod(round(seconds / next_size), size // next_size)
    parts = [_with_unit(count, f"duration-{name}", 0, locale)]
    if rest:
        parts.append(_with_unit(rest, f"duration-{next_name}", 0, locale))
    return " ".join(parts)


def _with_unit(value: float, unit: str, digits: int, locale: Locale) -> str:
    """Return the number with the unit's short name in the plural form that the whole number takes.

    CLDR's data has gaps, which Babel fills with long or internal names; then the next best name is taken.
    """
    number, whole = fixed(value, digits, locale), int(value)
    # Regions such as de-CH have more gaps than their language.
    language = Locale(locale.language, script=locale.script)
    for length in _LENGTHS if unit.startswith("duration") else _LENGTHS[1:]:
        shown = format_unit(whole, unit, length=length, locale=language, format="0", numbering_system="latn")
        if not any(gap in shown.casefold() for gap in ("duration", "byte")):
            return shown.replace(str(whole), number, 1)
    return f"{number}\N{NO-BREAK SPACE}{_SYMBOLS[unit]}"
