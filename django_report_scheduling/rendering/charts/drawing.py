"""From a chart block to its picture."""

from __future__ import annotations

from typing import Final

from django.utils.safestring import SafeString, mark_safe

from django_report_scheduling.rendering.charts.axis import label_text
from django_report_scheduling.rendering.charts.bars import draw_bars
from django_report_scheduling.rendering.charts.canvas import WIDTH, text_width
from django_report_scheduling.rendering.charts.columns import draw_columns
from django_report_scheduling.rendering.charts.description import describe
from django_report_scheduling.rendering.charts.lines import draw_lines
from django_report_scheduling.rendering.charts.scale import values_of
from django_report_scheduling.rendering.colors import Palette
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart, ChartKind

_MOST_BARS: Final = 40
_MOST_THIN_BARS: Final = 360
_PLOT_WIDTH: Final = WIDTH * 0.9


def draw(chart: Chart, palette: Palette, formatter: Formatter, *, mirrored: bool = False) -> SafeString:
    """Return the chart as an ``<svg>`` element with its texts, or nothing when none of its values can be drawn.

    :param mirrored: draw from right to left.
    """
    values = values_of(chart)
    if not any(value is not None for series in values for value in series):
        return SafeString("")
    as_lines = chart.kind is ChartKind.LINE or _are_bars_too_thin(chart)
    known = palette.lines if as_lines else palette.areas
    colors = [known[index % len(known)] for index in range(len(values))]
    if as_lines:
        canvas = draw_lines(chart, values, colors, formatter, mirrored=mirrored)
    elif _are_names_too_long(chart, formatter):
        canvas = draw_bars(chart, values, colors, formatter, mirrored=mirrored)
    else:
        canvas = draw_columns(chart, values, colors, formatter, mirrored=mirrored)
    return mark_safe(canvas.markup(alternative=describe(chart, formatter)))  # noqa: S308 - built from numbers and escaped text


def _are_bars_too_thin(chart: Chart) -> bool:
    """Whether bars side by side would be finer than what print and screens show."""
    return len(chart.series) > 1 and len(chart.labels) * len(chart.series) > _MOST_THIN_BARS


def _are_names_too_long(chart: Chart, formatter: Formatter) -> bool:
    """Whether named things would lose their names below upright bars."""
    if not all(isinstance(label, str) for label in chart.labels) or len(chart.labels) > _MOST_BARS:
        return False
    widest = max(text_width(label_text(label, formatter)) for label in chart.labels)
    return widest + 10 > _PLOT_WIDTH / len(chart.labels)
