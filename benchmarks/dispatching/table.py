"""One table at the end: what was measured, against what, what was wanted, and whether it was reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "against", "measured", "target", "reached", "how")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One figure and its target.

    :param key: the name by which ``--only`` asks for it.
    :param against: the baseline; empty where the figure stands for itself.
    :param unit: behind the figure, with its space if it wants one: ``×``, `` ms``.
    :param at_least: the target is a floor; otherwise a ceiling.
    :param how: the figures behind the figure.
    """

    key: str
    what: str
    measured: float
    target: float
    unit: str
    at_least: bool
    against: str = ""
    how: str = ""

    @property
    def reached(self) -> bool:
        """Whether the figure is as good as was wanted."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def cells(self) -> tuple[str, ...]:
        """Return the row as text, one cell for each heading."""
        bound = "≥" if self.at_least else "≤"
        return (
            self.what,
            self.against or "–",
            f"{number(self.measured)}{self.unit}",
            f"{bound} {number(self.target)}{self.unit}",
            "yes" if self.reached else "no",
            self.how,
        )


def number(value: float) -> str:
    """Write a figure with the digits that mean something: ``1,234``, ``56``, ``7.8``, ``0.27``."""
    if abs(value) >= 20 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 5 else f"{value:.2f}"


def markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown, its columns aligned for reading as it is."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return f"| {' | '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))} |"
