"""What a cell of a workbook holds for a value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django_report_scheduling.rendering.formatting import Formatter, decimals
from django_report_scheduling.rendering.text import printable, shortened
from django_report_scheduling.reports import Scalar, Unit

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT: Final = 32_767
_EXACT: Final = 10**15
_FIRST_DAY: Final = dt.date(1900, 3, 1)
_NUMBER_FORMATS: Final = {
    Unit.PERCENT: "0.0%",
    Unit.SECONDS: "#,##0.0",
}


class CellWriter:
    """Writes typed cells into the sheets of one workbook.

    Text is always written as text: never as a formula, a link or a number. Numbers that Excel would round, beyond 15
    digits, are written as text, too, so that no digit is lost.
    """

    def __init__(self, book: Workbook, zone: dt.tzinfo) -> None:
        self._zone = zone
        self._plain = book.add_format({"valign": "top"})
        self._whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._decimal = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._date = book.add_format({"num_format": 14, "valign": "top", "align": "left"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        self._end = book.add_format({"valign": "top", "align": "right"})
        self._units: dict[Unit, Any] = {
            unit: book.add_format({"num_format": pattern, "valign": "top"}) for unit, pattern in _NUMBER_FORMATS.items()
        }

    def write(self, sheet: Worksheet, row: int, column: int, value: Scalar, unit: Unit = Unit.NUMBER) -> None:
        """Write one value; what is not available leaves the cell empty."""
        match value:
            case None:
                return
            case str():
                sheet.write_string(row, column, shortened(printable(value), LONGEST_TEXT), self._plain)
            case bool():
                sheet.write_boolean(row, column, value, self._plain)
            case int() | float() | Decimal():
                self._write_number(sheet, row, column, value, unit)
            case dt.datetime():
                local = value.astimezone(self._zone).replace(tzinfo=None) if value.tzinfo else value
                self._write_date(sheet, row, column, local, self._moment)
            case _:
                self._write_date(sheet, row, column, value, self._date)

    def _write_number(self, sheet: Worksheet, row: int, column: int, value: int | float | Decimal, unit: Unit) -> None:
        if not decimals.is_finite(value):
            return
        if decimals.magnitude(value) >= _EXACT:
            sheet.write_string(row, column, str(value)[:LONGEST_TEXT], self._end)
            return
        fallback = self._whole if value == int(value) else self._decimal
        sheet.write_number(row, column, value, self._units.get(unit, fallback))

    def _write_date(self, sheet: Worksheet, row: int, column: int, value: dt.date, style: Format) -> None:
        """Write a date; one before Excel's calendar begins as text."""
        day = value.date() if isinstance(value, dt.datetime) else value
        if day < _FIRST_DAY:
            sheet.write_string(row, column, value.isoformat(), self._plain)
        else:
            sheet.write_datetime(row, column, value, style)


def shown_length(value: Scalar, unit: Unit, formatter: Formatter) -> int:
    """Return about how many characters wide a value is shown."""
    return len(value) if isinstance(value, str) else len(formatter.value(value, unit)) + 1
