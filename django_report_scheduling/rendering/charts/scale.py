"""The value axis: which round numbers it shows, and where a value lies on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django_report_scheduling.reports import Chart, Unit

LIMIT: Final = 1e300
"""Larger values cannot be drawn; they leave a gap like ``None`` and NaN."""

_SMALLEST: Final = 1e-300
_TARGET_TICKS: Final = 4
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
_TIME_STEPS: Final = (
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
)  # fmt: skip
_FLAT_SHARE: Final = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Round numbers from the lowest to the highest shown, evenly spaced."""

    ticks: Sequence[float]

    @property
    def step(self) -> float:
        """The distance of two ticks."""
        return self.ticks[1] - self.ticks[0]

    @property
    def base(self) -> float:
        """The value that bars start from: zero, which bar charts always show."""
        return min(max(0.0, self.ticks[0]), self.ticks[-1])

    def share(self, value: float) -> float:
        """Return where a value lies between the lowest (0) and the highest (1) tick."""
        low, high = self.ticks[0], self.ticks[-1]
        return (value - low) / (high - low)


def drawable(value: int | float | Decimal | None) -> float | None:
    """Return the value as a float, or ``None`` for whatever has no place on an axis."""
    if value is None:
        return None
    try:
        converted = float(value)
    except (OverflowError, ValueError):
        return None
    return converted if abs(converted) <= LIMIT else None


def values_of(chart: Chart) -> list[list[float | None]]:
    """Return the drawable values of every series."""
    return [[drawable(value) for value in series.values] for series in chart.series]


def scale_for(values: Sequence[float], unit: Unit, *, from_zero: bool) -> Scale:
    """Return the scale for at least one value.

    It starts at zero; only lines whose values lie close together far from zero get a cut axis.
    """
    low, high = min(values), max(values)
    spread = high - low
    close = spread > 1e-9 * abs(high) and spread < _FLAT_SHARE * min(abs(low), abs(high))
    if from_zero or low <= 0 <= high or not close:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < _SMALLEST:
        return Scale(ticks=(0.0, 1.0))
    whole = unit in {Unit.NUMBER, Unit.BYTES} and all(abs(value) < 1e15 and value == int(value) for value in values)
    step = _step((high - low) / _TARGET_TICKS, unit, whole=whole)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(ticks=tuple(index * step for index in range(first, max(last, first + 1) + 1)))


def _step(raw: float, unit: Unit, *, whole: bool) -> float:
    if unit is Unit.SECONDS and 1 <= raw <= _TIME_STEPS[-1]:
        return float(next(step for step in _TIME_STEPS if step >= raw))
    if whole and raw <= 1:
        return 1.0
    magnitude = 10.0 ** math.floor(math.log10(raw))
    candidates = (step * magnitude for step in _STEPS)
    return next(step for step in candidates if step >= raw * (1 - 1e-9) and not (whole and step != int(step)))
