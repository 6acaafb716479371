"""Lines over time, named at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from django_report_scheduling.rendering.charts.canvas import FONT_SIZE, INK, WIDTH, Canvas, Point, fitting, text_width
from django_report_scheduling.rendering.charts.frame import (
    BOTTOM,
    PLOT_HEIGHT,
    TOP,
    Frame,
    draw_position_axis,
    draw_value_axis,
    frame_for,
)
from django_report_scheduling.rendering.charts.scale import scale_for
from django_report_scheduling.rendering.colors import READABLE_CONTRAST, contrast
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart

_DASHES: Final = ("", "7 4", "2 4", "9 3 2 3")
_WIDEST_NAME: Final = WIDTH * 0.24
_LINE_HEIGHT: Final = FONT_SIZE * 1.25
_BOLD: Final = 1.08
_EDGE: Final = 8.0


def draw_lines(
    chart: Chart,
    values: Sequence[Sequence[float | None]],
    colors: Sequence[str],
    formatter: Formatter,
    *,
    mirrored: bool,
) -> Canvas:
    """Draw one line per series; ``None`` interrupts it, a lone value is a dot."""
    scale = scale_for([v for series in values for v in series if v is not None], chart.unit, from_zero=False)
    names = [fitting(series.name, _WIDEST_NAME) for series in chart.series] if len(chart.series) > 1 else []
    right_margin = max((text_width(name) * _BOLD for name in names), default=0.0) + 2 * _EDGE
    canvas = Canvas(height=max(TOP + PLOT_HEIGHT, len(names) * _LINE_HEIGHT) + BOTTOM, mirrored=mirrored)
    frame = frame_for(chart, scale, formatter, top=TOP, right_margin=right_margin)
    xs = _positions(frame, len(chart.labels))
    draw_value_axis(canvas, frame, chart, formatter)
    draw_position_axis(canvas, frame, chart, formatter, xs)
    for number, series in enumerate(values):
        _draw_line(canvas, frame, xs, series, colors[number], _DASHES[number % len(_DASHES)])
    for y, name, color in _name_places(frame, values, names, colors):
        readable = color if contrast(color) >= READABLE_CONTRAST else INK
        canvas.text((frame.right + _EDGE, y), name, color=readable, bold=True)
    return canvas


def _positions(frame: Frame, count: int) -> list[float]:
    if count == 1:
        return [frame.left + frame.width / 2]
    step = (frame.width - 2 * _EDGE) / (count - 1)
    return [frame.left + _EDGE + index * step for index in range(count)]


def _draw_line(
    canvas: Canvas, frame: Frame, xs: Sequence[float], series: Sequence[float | None], color: str, dash: str
) -> None:
    width = 2.2 if len(xs) <= 200 else 1.4
    points = [None if value is None else (x, frame.y(value)) for x, value in zip(xs, series, strict=True)]
    for present, group in groupby(points, key=lambda point: point is not None):
        if not present:
            continue
        run: list[Point] = [point for point in group if point is not None]
        if len(run) > 1:
            canvas.polyline(run, color=color, width=width, dash=dash)
        if len(run) == 1 or len(xs) <= 16:
            for point in run:
                canvas.circle(point, radius=2.8 if len(xs) <= 60 else 1.4, color=color)


def _name_places(
    frame: Frame, values: Sequence[Sequence[float | None]], names: Sequence[str], colors: Sequence[str]
) -> list[tuple[float, str, str]]:
    """Return each name beside the last value of its line, pushed apart where they would touch."""
    wanted = []
    for series, name, color in zip(values, names, colors, strict=False):
        last = next((value for value in reversed(series) if value is not None), frame.scale.base)
        wanted.append((frame.y(last) + FONT_SIZE * 0.35, name, color))
    wanted.sort()
    places: list[tuple[float, str, str]] = []
    floor = 0.0
    for y, name, color in wanted:
        placed = max(y, floor + _LINE_HEIGHT)
        places.append((placed, name, color))
        floor = placed
    overflow = max(0.0, floor - max(frame.bottom + FONT_SIZE * 0.35, len(names) * _LINE_HEIGHT)) if places else 0.0
    ceiling = float("inf")
    for index in range(len(places) - 1, -1, -1):
        y, name, color = places[index]
        settled = min(y, ceiling - _LINE_HEIGHT, floor - overflow)
        places[index] = (settled, name, color)
        ceiling = settled
    return places
