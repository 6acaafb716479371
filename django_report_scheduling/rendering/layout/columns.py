"""How much room the columns of a table need, and how they are spread over pages that can be read.

Widths are in ``em`` of the table's own type size. Fixed widths are what makes long tables quick to lay out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django_report_scheduling.rendering.charts.canvas import text_width
from django_report_scheduling.reports import Column, Unit

_PADDING: Final = 1.2
_NARROWEST: Final = 3.0
_WIDEST_TEXT: Final = 26.0
_NARROW_TEXT: Final = 11.0
_WIDEST_NUMBER: Final = 22.0
_MOST_HEADING: Final = 9.0


class Density(StrEnum):
    """Type size and direction of the page; each value is a CSS class."""

    NORMAL = "normal"
    DENSE = "dense"
    WIDE = "wide"


ROOM: Final = {Density.NORMAL: 55.0, Density.DENSE: 66.0, Density.WIDE: 100.0}
"""Widths of a page's type area in ``em`` of the table's type size."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """The room one column wants, and the least in which it can be read."""

    wanted: float
    least: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """The density of a table, and which columns stand on which part of it."""

    density: Density
    parts: Sequence[Sequence[int]]


def is_numeric(unit: Unit) -> bool:
    """Whether cells of this unit are set flush to the end of the column, like numbers."""
    return unit in {Unit.NUMBER, Unit.PERCENT, Unit.BYTES, Unit.SECONDS}


def measure(column: Column, longest: float) -> Measure:
    """Return the room for a column whose longest cell runs ``longest`` em."""
    heading = max((text_width(word, 1.0) for word in column.label.split()), default=0.0)
    heading = min(heading, _MOST_HEADING) + _PADDING
    if column.unit is Unit.TEXT:
        wanted = min(longest, _WIDEST_TEXT) + _PADDING
        least = min(longest, _NARROW_TEXT) + _PADDING
    else:
        wanted = least = min(longest, _WIDEST_NUMBER) + _PADDING
    return Measure(wanted=max(wanted, heading, _NARROWEST), least=max(least, heading, _NARROWEST))


def spread(measures: Sequence[Measure]) -> Spread:
    """Return the least dense way to set the columns: smaller type, then a page on its side, then several parts.

    Each further part repeats the first column, which usually names the row.
    """
    everything = [list(range(len(measures)))]
    needed = sum(column.least for column in measures)
    for density in Density:
        if needed <= ROOM[density]:
            return Spread(density=density, parts=everything)
    parts: list[list[int]] = [[0]]
    used = measures[0].least
    for index in range(1, len(measures)):
        if used + measures[index].least > ROOM[Density.WIDE] and len(parts[-1]) > 1:
            parts.append([0])
            used = measures[0].least
        parts[-1].append(index)
        used += measures[index].least
    return Spread(density=Density.WIDE, parts=parts)


def widths(columns: Sequence[Column], measures: Sequence[Measure], room: float) -> list[float]:
    """Return the columns' shares of the width in percent: the author's weights, or else what the cells need.

    Whatever is chosen, a column gets the least it can be read in before others get more.
    """
    weighted = len({column.weight for column in columns}) > 1
    total = sum(column.weight for column in columns)
    wishes = [
        room * column.weight / total if weighted else measured.wanted
        for column, measured in zip(columns, measures, strict=True)
    ]
    least = [measured.least for measured in measures]
    spare = max(0.0, room - sum(least))
    extra = [max(0.0, wish - need) for wish, need in zip(wishes, least, strict=True)]
    asked = sum(extra)
    share = min(1.0, spare / asked) if asked else 0.0
    given = [need + more * share for need, more in zip(least, extra, strict=True)]
    return [100 * width / sum(given) for width in given]
