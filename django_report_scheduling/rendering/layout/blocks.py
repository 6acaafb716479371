"""From the blocks of a report to what templates show."""

from __future__ import annotations

from django_report_scheduling.rendering import charts
from django_report_scheduling.rendering.colors import Palette
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.rendering.layout.tables import table_view
from django_report_scheduling.rendering.layout.views import (
    BlockView,
    ChartView,
    FigureView,
    HeadlineView,
    PageBreakView,
    TextView,
)
from django_report_scheduling.rendering.text import printable
from django_report_scheduling.reports import Block, Chart, Figure, Headline, Table, Text


def block_view(block: Block, formatter: Formatter, palette: Palette, *, mirrored: bool) -> BlockView:
    """Return the view of a block."""
    match block:
        case Headline():
            return _headline(block, formatter)
        case Chart():
            return ChartView(
                key=block.key,
                title=printable(block.title),
                svg=charts.draw(block, palette, formatter, mirrored=mirrored),
                caption=printable(block.description),
            )
        case Table():
            return table_view(block, formatter)
        case Text():
            paragraphs = [line.strip() for line in printable(block.text).split("\n\n")]
            return TextView(title=printable(block.title), paragraphs=[line for line in paragraphs if line])
    return PageBreakView()


def _headline(block: Headline, formatter: Formatter) -> HeadlineView:
    count = len(block.figures)
    columns = count if count <= 4 else 3 if count in {5, 6, 9} else 4
    return HeadlineView(figures=[_figure(figure, formatter) for figure in block.figures], columns=max(columns, 1))


def _figure(figure: Figure, formatter: Formatter) -> FigureView:
    return FigureView(
        label=printable(figure.label),
        value=formatter.headline(figure.value, figure.unit),
        change=formatter.change(figure.value, figure.previous, figure.unit, good_if_up=figure.higher_is_better),
        note=printable(figure.note),
    )
