"""Tables: cells formatted column by column, widths fixed beforehand, rows joined into markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from django_report_scheduling.rendering.charts.canvas import text_width
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.rendering.layout.columns import (
    ROOM,
    Measure,
    Spread,
    is_numeric,
    measure,
    spread,
    widths,
)
from django_report_scheduling.rendering.layout.views import ColumnView, TablePart, TableView
from django_report_scheduling.rendering.text import printable, shortened
from django_report_scheduling.reports import Column, Scalar, Table, Unit

CELL_LIMIT: Final = 300
"""Characters of a text cell that a page shows; data formats keep all of them."""

_SAMPLE: Final = 400
_SHORT: Final = 14

Cells = list[list[str]]


def table_view(table: Table, formatter: Formatter) -> TableView:
    """Return the table in as many parts as it takes to make it readable."""
    cells = _formatted(table, formatter)
    longest = [_longest(column) for column in cells]
    measures = [measure(column, width) for column, width in zip(table.columns, longest, strict=True)]
    plan = spread(measures) if measures else None
    return TableView(
        key=table.key,
        title=printable(table.title),
        css_class=plan.density if plan else "",
        parts=_parts(table.columns, cells, measures, longest, plan) if plan and table.rows else [],
        note=printable(table.note),
        empty=printable(table.empty) or _("No data in this period."),
    )


def _formatted(table: Table, formatter: Formatter) -> Cells:
    """Return the cells as text, by column."""
    result = []
    for index, column in enumerate(table.columns):
        values = [row[index] for row in table.rows]
        text = _cell_text(formatter.column(column.unit, values), column)
        result.append([text(value) for value in values])
    return result


def _cell_text(text: Callable[[Scalar], str], column: Column) -> Callable[[Scalar], str]:
    return text if is_numeric(column.unit) else lambda value: shortened(text(value), CELL_LIMIT)


def _longest(cells: Sequence[str]) -> float:
    """Return the width of the widest cell; of long columns, of the widest among those with most characters."""
    if len(cells) > _SAMPLE:
        cells = sorted(cells, key=len, reverse=True)[:_SAMPLE]
    return max((text_width(cell, 1.0) for cell in cells), default=0.0)


def _parts(
    columns: Sequence[Column], cells: Cells, measures: Sequence[Measure], longest: Sequence[float], plan: Spread
) -> list[TablePart]:
    parts = []
    for number, chosen in enumerate(plan.parts, start=1):
        picked = [columns[index] for index in chosen]
        room = ROOM[plan.density]
        shares = widths(picked, [measures[index] for index in chosen], room)
        classes = [
            _css_class(columns[index].unit, fits=longest[index] + 1.2 <= room * share / 100)
            for index, share in zip(chosen, shares, strict=True)
        ]
        heads = [
            ColumnView(label=printable(column.label), width=f"{share:.2f}", css_class=css_class)
            for column, share, css_class in zip(picked, shares, classes, strict=True)
        ]
        caption = _("Part %(number)s of %(count)s") % {"number": number, "count": len(plan.parts)}
        rows = _rows([cells[index] for index in chosen], classes)
        parts.append(
            TablePart(
                columns=heads, rows=rows, caption=caption if len(plan.parts) > 1 else "", short=len(cells[0]) <= _SHORT
            )
        )
    return parts


def _css_class(unit: Unit, *, fits: bool) -> str:
    """Return ``n`` for numbers, ``w`` for what must break lines: one letter, as it is repeated in every cell."""
    return ("n" if is_numeric(unit) else "") + ("" if fits else "w")


def _rows(columns: Sequence[Sequence[str]], classes: Sequence[str]) -> SafeString:
    opening = [f'<td class="{css_class}">' if css_class else "<td>" for css_class in classes]
    rows = []
    for number, row in enumerate(zip(*columns, strict=True)):
        cells = "".join([start + escape(cell) for start, cell in zip(opening, row, strict=True)])
        rows.append(f'<tr class="z">{cells}' if number % 2 else f"<tr>{cells}")
    return mark_safe("\n".join(rows))  # noqa: S308 - every cell is escaped above
