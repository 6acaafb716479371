"""The change of a figure against the previous period: sign, direction and word, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way a figure went."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change, ready to be shown.

    :param amount: with its sign, e.g. ``+12.5%``; empty when nothing changed.
    :param comparison: a phrase with the previous value, e.g. ``up from 1,234``.
    :param good: whether the change is welcome; ``None`` when it is neither.
    """

    direction: Direction
    amount: str
    comparison: str
    good: bool | None
