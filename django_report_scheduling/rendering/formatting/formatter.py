"""One object that formats every value of one document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final
from unicodedata import bidirectional

from babel import Locale
from babel.numbers import get_minus_sign_symbol, get_plus_sign_symbol
from django.utils.translation import gettext as _

from django_report_scheduling.period import Period
from django_report_scheduling.rendering.formatting import dates, decimals, quantities
from django_report_scheduling.rendering.formatting.change import Change, Direction
from django_report_scheduling.rendering.formatting.decimals import Number
from django_report_scheduling.rendering.locales import parse_locale
from django_report_scheduling.rendering.text import printable
from django_report_scheduling.reports import Scalar, Unit

NOT_AVAILABLE: Final = "–"
"""What stands for a value that is not there: ``None``, NaN or infinite."""

_LEFT_TO_RIGHT_MARK: Final = "\N{LEFT-TO-RIGHT MARK}"
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_POINTS_FROM_RATIO: Final = 100
_SMALLEST_RATIO: Final = Decimal("0.0005")
_LARGE_RATIO: Final = 10


class Formatter:
    """Formats numbers and dates for one account.

    :param locale: language of the texts.
    :param number_format: locale of numbers and of the order in dates; empty follows ``locale``.
    :param zone: zone in which moments are written.
    """

    def __init__(self, *, locale: str = "en", number_format: str = "", zone: dt.tzinfo = dt.UTC) -> None:
        language = parse_locale(locale)
        self.numbers: Locale = parse_locale(number_format) if number_format else language
        self.words: Locale = self.numbers if self.numbers.language == language.language else language
        self.zone = zone
        self._rtl = language.text_direction == "rtl"
        self._by_unit: dict[Unit, Callable[[Number], str]] = {
            Unit.PERCENT: self.percent,
            Unit.BYTES: self.bytes,
            Unit.SECONDS: self.duration,
        }

    def value(self, value: Scalar, unit: Unit = Unit.NUMBER) -> str:
        """Return any cell or metric as text; what is not available as an en dash."""
        match value:
            case None:
                return NOT_AVAILABLE
            case str():
                return self._kept_on_its_side(printable(value))
            case bool():
                return _("Yes") if value else _("No")
            case int() | float() | Decimal():
                return self._by_unit.get(unit, self.number)(value)
            case dt.datetime():
                return dates.moment(value, self.zone, self.words)
        return dates.calendar_date(value, self.words)

    def column(self, unit: Unit, cells: Iterable[Scalar]) -> Callable[[Scalar], str]:
        """Return the function for the cells of one column; decimals of a column of numbers line up."""
        fractional = unit is Unit.NUMBER and any(_is_fraction(cell) for cell in cells)

        def aligned(value: Scalar) -> str:
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                return self.value(value, unit)
            if decimals.is_finite(value) and (value == 0 or decimals.magnitude(value) >= 0.005):
                return decimals.fixed(value, 2, self.numbers)
            return self.number(value)

        return aligned if fractional else lambda value: self.value(value, unit)

    def headline(self, value: Number | None, unit: Unit) -> str:
        """Return a figure for a headline: large numbers in a short form."""
        if value is None or unit in self._by_unit or not decimals.is_finite(value):
            return self.value(value, unit)
        return decimals.compact(value, self.numbers)

    def number(self, value: Number) -> str:
        """Return a count or a decimal number."""
        return decimals.natural(value, self.numbers) if decimals.is_finite(value) else NOT_AVAILABLE

    def percent(self, value: Number) -> str:
        """Return a ratio as a percentage."""
        return decimals.percent(value, self.numbers) if decimals.is_finite(value) else NOT_AVAILABLE

    def bytes(self, value: Number) -> str:
        """Return a size in bytes in the largest fitting unit."""
        return quantities.byte_size(value, self.numbers) if decimals.is_finite(value) else NOT_AVAILABLE

    def duration(self, value: Number) -> str:
        """Return a duration in seconds in at most two units."""
        return quantities.duration(value, self.numbers) if decimals.is_finite(value) else NOT_AVAILABLE

    def period(self, period: Period) -> str:
        """Return the period in words."""
        return dates.period_text(period, self.words)

    def change(
        self, value: Number | None, previous: Number | None, unit: Unit, *, good_if_up: bool | None
    ) -> Change | None:
        """Return how a figure changed, or ``None`` where there is nothing to compare."""
        if value is None or previous is None or not (decimals.is_finite(value) and decimals.is_finite(previous)):
            return None
        before = self.headline(previous, unit)
        difference = Decimal(value) - Decimal(previous)
        amount = self._amount(difference, Decimal(previous), unit)
        if not difference or amount is None:
            return Change(direction=Direction.SAME, amount="", comparison=_("unchanged at %s") % before, good=None)
        rising = difference > 0
        return Change(
            direction=Direction.UP if rising else Direction.DOWN,
            amount=amount,
            comparison=(_("up from %s") if rising else _("down from %s")) % before,
            good=None if good_if_up is None else good_if_up is rising,
        )

    def _kept_on_its_side(self, text: str) -> str:
        """Mark Latin text, such as a path, so that right-to-left surroundings do not move its punctuation."""
        if not self._rtl or any(bidirectional(character) in _RIGHT_TO_LEFT for character in text):
            return text
        return f"{_LEFT_TO_RIGHT_MARK}{text}{_LEFT_TO_RIGHT_MARK}"

    def _amount(self, difference: Decimal, previous: Decimal, unit: Unit) -> str | None:
        """Return the signed change, or ``None`` when it is too small to be shown."""
        rising, size = difference > 0, abs(difference)
        sign = get_plus_sign_symbol(self.numbers) if rising else get_minus_sign_symbol(self.numbers)
        if unit is Unit.PERCENT:
            points = round(size * _POINTS_FROM_RATIO, 1)
            return _("%s pp") % (sign + decimals.fixed(points, 1, self.numbers)) if points else None
        ratio = size / abs(previous) if previous else Decimal("inf")
        if ratio < _SMALLEST_RATIO:
            return None
        if ratio < _LARGE_RATIO:
            return sign + decimals.percent(ratio, self.numbers, 1 if ratio < 1 else 0)
        if rising and previous > 0:
            return "×" + decimals.compact(round(ratio + 1), self.numbers)
        return sign + self.headline(size, unit)


def _is_fraction(value: Scalar) -> bool:
    return isinstance(value, float | Decimal) and decimals.is_finite(value) and not decimals.is_whole(value)
