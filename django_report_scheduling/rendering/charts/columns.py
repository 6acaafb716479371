"""Upright bars over time or over many positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django_report_scheduling.rendering.charts.canvas import INK, Canvas, text_width
from django_report_scheduling.rendering.charts.frame import (
    BOTTOM,
    PLOT_HEIGHT,
    TOP,
    Frame,
    draw_legend,
    draw_position_axis,
    draw_value_axis,
    frame_for,
    legend_height,
)
from django_report_scheduling.rendering.charts.scale import scale_for
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart

_WIDEST_BAR: Final = 56.0
_MOST_VALUE_LABELS: Final = 14


def draw_columns(
    chart: Chart,
    values: Sequence[Sequence[float | None]],
    colors: Sequence[str],
    formatter: Formatter,
    *,
    mirrored: bool,
) -> Canvas:
    """Draw upright bars; several series stand side by side."""
    scale = scale_for([v for series in values for v in series if v is not None], chart.unit, from_zero=True)
    top = TOP + legend_height(chart)
    canvas = Canvas(height=top + PLOT_HEIGHT + BOTTOM, mirrored=mirrored)
    frame = frame_for(chart, scale, formatter, top=top, right_margin=2)
    band = frame.width / len(chart.labels)
    bar = min(band * (0.76 if band > 4 else 1) / len(values), _WIDEST_BAR)
    centres = [frame.left + (index + 0.5) * band for index in range(len(chart.labels))]
    draw_legend(canvas, chart, colors)
    draw_value_axis(canvas, frame, chart, formatter)
    for number, (series, color) in enumerate(zip(values, colors, strict=True)):
        offset = (number - len(values) / 2) * bar
        canvas.boxes(
            (_box(frame, centre + offset, bar, value) for centre, value in zip(centres, series, strict=True) if value),
            color=color,
        )
    if len(values) == 1:
        _draw_values(canvas, frame, chart, values[0], centres, formatter)
    draw_position_axis(canvas, frame, chart, formatter, centres)
    return canvas


def _box(frame: Frame, x: float, width: float, value: float) -> tuple[float, float, float, float]:
    y, base = frame.y(value), frame.y(frame.scale.base)
    return x, min(y, base), width, abs(base - y)


def _draw_values(
    canvas: Canvas,
    frame: Frame,
    chart: Chart,
    values: Sequence[float | None],
    centres: Sequence[float],
    formatter: Formatter,
) -> None:
    """Write each value at the end of its bar where all of them fit."""
    texts = [formatter.headline(value, chart.unit) for value in chart.series[0].values]
    room = frame.width / len(centres) - 4
    if len(centres) > _MOST_VALUE_LABELS or max(map(text_width, texts)) > room:
        return
    for centre, text, value in zip(centres, texts, values, strict=True):
        if value is not None:
            y = frame.y(value) + (-4 if value >= 0 else 13)
            canvas.text((centre, y), text, anchor="middle", color=INK)
