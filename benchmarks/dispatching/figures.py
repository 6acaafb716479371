"""Arithmetic on what was measured: medians over rounds, and the time of a size that nobody wants to wait for."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

Figures = Mapping[str, float]


def medians(rounds: Sequence[Figures]) -> dict[str, float]:
    """Return the median of each figure over the rounds.

    :raises ValueError: the rounds did not measure the same.
    """
    names = rounds[0].keys()
    if any(figures.keys() != names for figures in rounds):
        msg = f"The rounds measured different things: {sorted({*map(tuple, rounds)})}"
        raise ValueError(msg)
    return {name: statistics.median(figures[name] for figures in rounds) for name in names}


def extrapolated(small: tuple[int, float], large: tuple[int, float], *, to: int) -> float:
    """Return the seconds for ``to`` tasks where each task costs a part that is fixed and a part for every row.

    :param small: a number of tasks, which is the number of rows too, and the seconds for all of them.
    :param large: the same for a larger number.
    """
    each_small, each_large = small[1] / small[0], large[1] / large[0]
    for_every_row = (each_large - each_small) / (large[0] - small[0])
    fixed = each_small - for_every_row * small[0]
    return to * (fixed + for_every_row * to)
