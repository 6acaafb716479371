"""The sheets of a workbook: a summary, and one for each table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.base import Document
from django_report_scheduling.rendering.formatting import Formatter, dates
from django_report_scheduling.rendering.text import printable, shortened
from django_report_scheduling.rendering.workbook.cells import CellWriter, shown_length
from django_report_scheduling.rendering.workbook.sheet_names import SheetNames
from django_report_scheduling.reports import Column, Figure, Headline, Scalar, Table, Unit

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
_SAMPLE: Final = 200
_NARROWEST, _WIDEST = 8, 60


class Sheets:
    """Adds sheets to one workbook."""

    def __init__(self, book: Workbook, formatter: Formatter, *, rtl: bool, accent: str) -> None:
        self._book = book
        self._formatter = formatter
        self._rtl = rtl
        self._names = SheetNames()
        self._cells = CellWriter(book, formatter.zone)
        self._title = book.add_format({"bold": True, "font_size": 16, "font_color": accent})
        self._heading = book.add_format({"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True})
        self._number_heading = book.add_format(
            {"bold": True, "bottom": 1, "valign": "bottom", "text_wrap": True, "align": "right"}
        )

    def add_summary(self, document: Document) -> None:
        """Add the sheet with what the report is about, its headline figures and its metrics."""
        sheet = self._sheet(_("Summary"))
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3, 18)
        sheet.write_string(0, 0, printable(document.title), self._title)
        row = 1
        for label, value in self._facts(document):
            self._cells.write(sheet, row, 0, label)
            self._cells.write(sheet, row, 1, value)
            row += 1
        figures = [
            figure for block in document.content.blocks if isinstance(block, Headline) for figure in block.figures
        ]
        if figures:
            row = self._headings(sheet, row + 1, [_("Figure"), _("Value"), _("Previous period")])
            for figure in figures:
                self._write_figure(sheet, row, figure)
                row += 1
        row = self._headings(sheet, row + 1, [_("Metric"), _("Value")])
        for name, number in document.content.metrics.items():
            self._cells.write(sheet, row, 0, name)
            self._cells.write(sheet, row, 1, number)
            row += 1

    def add_table(self, table: Table) -> None:
        """Add the sheet of a table; one with more rows than a sheet may have goes on in further sheets.

        :raises RenderError: the table has more columns than Excel takes.
        """
        if len(table.columns) > MOST_COLUMNS:
            msg = f"Table {table.key!r} has {len(table.columns)} columns; Excel takes {MOST_COLUMNS}. Use csv for it."
            raise RenderError(msg)
        rows = iter(table.rows)
        capacity = MOST_ROWS - 1
        for _number in range(max(1, -(-len(table.rows) // capacity))):
            sheet = self._sheet(table.title or table.key)
            self._set_up(sheet, table)
            last = 0
            for last, row in enumerate(islice(rows, capacity), start=1):
                for index, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                    self._cells.write(sheet, last, index, value, column.unit)
            if table.columns:
                sheet.autofilter(0, 0, last, len(table.columns) - 1)

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(self._names.unique(name))
        sheet.hide_gridlines(0)
        if self._rtl:
            sheet.right_to_left()
        return sheet

    def _set_up(self, sheet: Worksheet, table: Table) -> None:
        """Set widths and the frozen heading; in constant memory this has to come before the rows."""
        sheet.freeze_panes(1, 0)
        sample = table.rows[:_SAMPLE]
        for index, column in enumerate(table.columns):
            values = [row[index] for row in sample]
            sheet.set_column(index, index, self._width(column, values))
        for index, column in enumerate(table.columns):
            number = column.unit in {Unit.NUMBER, Unit.PERCENT, Unit.BYTES, Unit.SECONDS}
            style = self._number_heading if number else self._heading
            sheet.write_string(0, index, shortened(_label(column), 255), style)

    def _width(self, column: Column, values: Sequence[Scalar]) -> int:
        longest = max((shown_length(value, column.unit, self._formatter) for value in values), default=0)
        return min(max(longest, len(_label(column)) + 3, _NARROWEST), _WIDEST)

    def _headings(self, sheet: Worksheet, row: int, texts: Sequence[str]) -> int:
        for index, text in enumerate(texts):
            sheet.write_string(row, index, text, self._number_heading if index else self._heading)
        return row + 1

    def _write_figure(self, sheet: Worksheet, row: int, figure: Figure) -> None:
        self._cells.write(sheet, row, 0, figure.label + _unit_name(figure.unit))
        self._cells.write(sheet, row, 1, figure.value, figure.unit)
        self._cells.write(sheet, row, 2, figure.previous, figure.unit)

    def _facts(self, document: Document) -> list[tuple[str, str]]:
        generated = document.generated_at.astimezone(self._formatter.zone)
        facts = [
            (_("Account"), document.account.name),
            (_("Period"), self._formatter.period(document.period)),
            (_("Generated"), f"{self._formatter.value(generated)} ({dates.zone_text(generated)})"),
        ]
        return [*facts, (_("Preview"), _("Not sent to any recipient."))] if document.preview else facts


def _label(column: Column) -> str:
    return printable(column.label) + _unit_name(column.unit)


def _unit_name(unit: Unit) -> str:
    """Return what the bare numbers of a column count, where their format does not say it."""
    names: dict[Unit, Any] = {Unit.BYTES: _("bytes"), Unit.SECONDS: _("seconds")}
    return f" ({names[unit]})" if unit in names else ""
