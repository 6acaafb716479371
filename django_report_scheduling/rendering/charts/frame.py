"""What upright charts share: grid, value axis, position axis and legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django_report_scheduling.rendering.charts.axis import position_labels, tick_labels
from django_report_scheduling.rendering.charts.canvas import (
    FONT_SIZE,
    INK,
    MUTED,
    RULE,
    WIDTH,
    Canvas,
    fitting,
    text_width,
)
from django_report_scheduling.rendering.charts.scale import Scale
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart

PLOT_HEIGHT: Final = 176.0
TOP: Final = 12.0
BOTTOM: Final = 26.0
LEGEND_LINE: Final = 20.0
_SWATCH: Final = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The rectangle in which values are drawn."""

    left: float
    right: float
    top: float
    scale: Scale

    @property
    def bottom(self) -> float:
        """The y of the lowest tick."""
        return self.top + PLOT_HEIGHT

    @property
    def width(self) -> float:
        """From the left edge to the right one."""
        return self.right - self.left

    def y(self, value: float) -> float:
        """Return the y of a value."""
        return self.bottom - self.scale.share(value) * PLOT_HEIGHT


def frame_for(chart: Chart, scale: Scale, formatter: Formatter, *, top: float, right_margin: float) -> Frame:
    """Return the frame that leaves room for the tick labels on the left."""
    widest = max(text_width(text) for text in tick_labels(scale, chart.unit, formatter))
    return Frame(left=widest + 8, right=WIDTH - right_margin, top=top, scale=scale)


def draw_value_axis(canvas: Canvas, frame: Frame, chart: Chart, formatter: Formatter) -> None:
    """Draw a hairline and a label for every tick; the zero line is stronger."""
    for tick, text in zip(frame.scale.ticks, tick_labels(frame.scale, chart.unit, formatter), strict=True):
        y = frame.y(tick)
        canvas.line((frame.left, y), (frame.right, y), color=RULE if tick else MUTED)
        canvas.text((frame.left - 6, y + FONT_SIZE * 0.35), text, anchor="end")


def draw_position_axis(canvas: Canvas, frame: Frame, chart: Chart, formatter: Formatter, xs: Sequence[float]) -> None:
    """Label as many positions as there is room for; ``xs`` are their centres."""
    for index, text in position_labels(chart.labels, xs[-1] - xs[0], formatter).items():
        x, half = xs[index], text_width(text) / 2
        canvas.line((x, frame.bottom), (x, frame.bottom + 4), color=MUTED)
        centre = min(max(x, half), WIDTH - half)
        canvas.text((centre, frame.bottom + 17), text, anchor="middle")


def legend_height(chart: Chart) -> float:
    """Return how much room the legend takes; a single series needs none, the heading names it."""
    return (max(line for line, _, _ in _legend(chart)) + 1) * LEGEND_LINE if len(chart.series) > 1 else 0.0


def draw_legend(canvas: Canvas, chart: Chart, colors: Sequence[str]) -> None:
    """Draw a swatch and a name for each of several series."""
    if len(chart.series) < 2:
        return
    for (line, x, name), color in zip(_legend(chart), colors, strict=False):
        y = line * LEGEND_LINE
        canvas.boxes([(x, y + 3, _SWATCH, _SWATCH)], color=color)
        canvas.text((x + _SWATCH + 6, y + 12), name, color=INK)


def _legend(chart: Chart) -> list[tuple[int, float, str]]:
    places = []
    line, x = 0, 0.0
    for series in chart.series:
        name = fitting(series.name, 240)
        width = _SWATCH + 6 + text_width(name) + 18
        if x and x + width > WIDTH:
            line, x = line + 1, 0.0
        places.append((line, x, name))
        x += width
    return places
