"""Lying bars: one row for each named thing, with its name and its value in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django_report_scheduling.rendering.charts.axis import label_text
from django_report_scheduling.rendering.charts.canvas import FONT_SIZE, INK, MUTED, WIDTH, Canvas, fitting, text_width
from django_report_scheduling.rendering.charts.frame import draw_legend, legend_height
from django_report_scheduling.rendering.charts.scale import scale_for
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart

_BAR: Final = 14.0
_GAP: Final = 10.0
_TOP: Final = 4.0
_WIDEST_NAME: Final = WIDTH * 0.36


def draw_bars(
    chart: Chart,
    values: Sequence[Sequence[float | None]],
    colors: Sequence[str],
    formatter: Formatter,
    *,
    mirrored: bool,
) -> Canvas:
    """Draw lying bars; several series lie below each other."""
    present = [value for series in values for value in series if value is not None]
    scale = scale_for(present, chart.unit, from_zero=True)
    names = [fitting(label_text(label, formatter), _WIDEST_NAME) for label in chart.labels]
    texts = [[formatter.headline(value, chart.unit) for value in series.values] for series in chart.series]
    room = max(text_width(text) for series in texts for text in series) + 10
    left = max(map(text_width, names)) + 10 + (room if scale.ticks[0] < 0 else 0)
    right = WIDTH - room
    group = _BAR * len(values) + _GAP
    top = _TOP + legend_height(chart)
    canvas = Canvas(height=top + group * len(names), mirrored=mirrored)
    draw_legend(canvas, chart, colors)

    low, high = min([0.0, *present]), max([0.0, *present])
    reach = (high - low) or 1.0

    def x(value: float) -> float:
        return left + (value - low) / reach * (right - left)

    for row, name in enumerate(names):
        y = top + row * group
        canvas.text((0, y + (group - _GAP) / 2 + FONT_SIZE * 0.35), name, color=INK)
        for number, series in enumerate(values):
            value, bar_y = series[row], y + number * _BAR
            end = None if value is None else x(value)
            _draw_bar(canvas, zero=x(0), end=end, top=bar_y, text=texts[number][row], color=colors[number])
    canvas.line((x(0), top - 2), (x(0), canvas.height - _GAP + 2), color=MUTED)
    return canvas


def _draw_bar(canvas: Canvas, *, zero: float, end: float | None, top: float, text: str, color: str) -> None:
    """Draw one bar from zero to its end, and its number behind it; only the number where there is no value."""
    baseline = top + _BAR / 2 + FONT_SIZE * 0.35
    if end is None:
        canvas.text((zero + 5, baseline), text)
        return
    canvas.boxes([(min(zero, end), top + 1, abs(end - zero), _BAR - 2)], color=color)
    if end >= zero:
        canvas.text((end + 5, baseline), text, color=INK)
    else:
        canvas.text((end - 5, baseline), text, anchor="end", color=INK)
