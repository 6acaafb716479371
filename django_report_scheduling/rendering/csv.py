"""CSV for spreadsheets and scripts: bare values, one section per table."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from decimal import Decimal
from typing import BinaryIO, Final

from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.text import REPLACEMENT, encodable
from django_report_scheduling.reports import Scalar

# A spreadsheet takes text that begins so for a formula (CWE-1236); full-width signs count, and so does white space
# before a sign, which some programs strip.
_FORMULA: Final = re.compile("[\t\r\n\x00]|[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]")

_LONGEST_DECIMAL: Final = 400


class CsvRenderer(Renderer):
    """The metrics and every table, each as a section under its key, with an empty line between.

    :param bom: begin with a byte order mark, without which Excel garbles everything beyond ASCII.
    :param delimiter: between cells; ``;`` suits Excel in countries with a decimal comma.
    """

    extension = "csv"
    content_type = "text/csv; charset=utf-8"

    def __init__(self, *, bom: bool = True, delimiter: str = ",") -> None:
        self._encoding = "utf-8-sig" if bom else "utf-8"
        self._delimiter = delimiter

    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the document as CSV."""
        stream = io.TextIOWrapper(output, encoding=self._encoding, newline="", write_through=False)
        try:
            writer = csv.writer(stream, delimiter=self._delimiter)
            zone = document.period.start.tzinfo
            for name, value in _facts(document):
                writer.writerow([name, cell(value, zone)])
            writer.writerows([[], ["metric", "value"]])
            for name, value in document.content.metrics.items():
                writer.writerow([cell(name, zone), cell(value, zone)])
            for table in document.content.tables:
                writer.writerows([[], [cell(table.key, zone)]])
                writer.writerow([cell(column.key, zone) for column in table.columns])
                writer.writerows([cell(value, zone) for value in row] for row in table.rows)
        finally:
            stream.detach()


def _facts(document: Document) -> list[tuple[str, Scalar]]:
    facts: list[tuple[str, Scalar]] = [
        ("report_type", document.report_type),
        ("title", document.title),
        ("account", document.account.slug),
        ("account_name", document.account.name),
        ("period_start", document.period.start),
        ("period_end", document.period.end),
        ("generated_at", document.generated_at),
    ]
    return [*facts, ("preview", True)] if document.preview else facts


def cell(value: Scalar, zone: dt.tzinfo | None) -> str | int | float | None:
    """Return what the file holds for a value; nothing for what is not available."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(zone).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return _number(value)


def quoted(text: str) -> str:
    """Return text with an apostrophe before it where a spreadsheet would run it as a formula."""
    safe = f"'{text}" if _FORMULA.match(text) else text
    return encodable(safe).replace("\x00", REPLACEMENT)


def _number(value: int | float | Decimal | None) -> str | int | float | None:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < _LONGEST_DECIMAL else None
    return value
