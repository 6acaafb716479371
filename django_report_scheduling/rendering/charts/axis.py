"""What stands at the axes: tick labels in the right precision, and only as many positions as there is room for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from django_report_scheduling.rendering.charts.canvas import fitting, text_width
from django_report_scheduling.rendering.charts.scale import Scale
from django_report_scheduling.rendering.formatting import Formatter, dates, decimals
from django_report_scheduling.reports import Unit

Label = str | dt.date | dt.datetime

_GAP: Final = 14.0
_HOURS: Final = (1, 2, 3, 6, 12)
_STRIDES: Final = (1, 2, 5, 7, 10, 14, 28, 50, 100)
_LONGEST: Final = 150.0


def tick_labels(scale: Scale, unit: Unit, formatter: Formatter) -> list[str]:
    """Return the text of every tick, all with as many decimals as the step needs."""
    step = scale.step * (100 if unit is Unit.PERCENT else 1)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if digits < 6 and round(step * 10**digits, 6) % 1:
        digits += 1
    if unit is Unit.PERCENT:
        return [decimals.percent(tick, formatter.numbers, digits) for tick in scale.ticks]
    if unit in {Unit.BYTES, Unit.SECONDS} or abs(scale.ticks[-1]) >= 1e6 or abs(scale.ticks[0]) >= 1e6 or digits > 6:
        return [formatter.headline(int(tick) if tick == int(tick) else tick, unit) for tick in scale.ticks]
    return [decimals.fixed(tick, digits, formatter.numbers) for tick in scale.ticks]


def label_text(label: Label, formatter: Formatter) -> str:
    """Return the full text of a position, for descriptions."""
    return formatter.value(label)


def position_labels(labels: Sequence[Label], width: float, formatter: Formatter) -> dict[int, str]:
    """Return the text of those positions that are labelled, so that no two texts touch.

    :param width: pixels between the first and the last position.
    """
    step = width / max(len(labels) - 1, 1)
    if all(isinstance(label, dt.datetime) for label in labels):
        hourly = _hours([label for label in labels if isinstance(label, dt.datetime)], step, formatter)
        if hourly:
            return hourly
    texts = [_short(label, formatter) for label in labels]
    widest = max((text_width(text) for text in texts), default=0.0) + _GAP
    needed = max(1, math.ceil(widest / step)) if step else 1
    stride = next((stride for stride in _STRIDES if stride >= needed), needed)
    return {index: texts[index] for index in range(0, len(labels), stride)}


def _hours(labels: Sequence[dt.datetime], step: float, formatter: Formatter) -> dict[int, str]:
    """Label moments at round hours or at midnights, whichever fits; nothing when the moments are not so regular."""
    local = [label.astimezone(formatter.zone) if label.tzinfo else label for label in labels]
    clocks = [dates.clock(label, formatter.words) for label in local]
    for every in _HOURS:
        chosen = [i for i, label in enumerate(local) if not label.minute and not label.hour % every]
        if _fits(chosen, clocks, step):
            return {i: clocks[i] if local[i].hour else dates.day_and_month(local[i], formatter.words) for i in chosen}
    midnights = [i for i, label in enumerate(local) if not label.minute and not label.hour]
    days = [dates.day_and_month(label, formatter.words) for label in local]
    for stride in _STRIDES:
        chosen = midnights[::stride]
        if _fits(chosen, days, step):
            return {i: days[i] for i in chosen}
    return {}


def _fits(chosen: Sequence[int], texts: Sequence[str], step: float) -> bool:
    if len(chosen) < 2:
        return False
    closest = min(second - first for first, second in pairwise(chosen))
    return closest * step >= max(text_width(texts[i]) for i in chosen) + _GAP


def _short(label: Label, formatter: Formatter) -> str:
    if isinstance(label, dt.datetime):
        local = label.astimezone(formatter.zone) if label.tzinfo else label
        return f"{dates.day_and_month(local, formatter.words)}, {dates.clock(local, formatter.words)}"
    if isinstance(label, dt.date):
        return dates.day_and_month(label, formatter.words)
    return fitting(label, _LONGEST)
