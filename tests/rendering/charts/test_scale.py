from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.charts.scale import LIMIT, drawable, scale_for
from django_report_scheduling.reports import Unit


@pytest.mark.parametrize(
    ("values", "unit", "from_zero", "ticks"),
    [
        ([3], Unit.NUMBER, True, [0, 1, 2, 3]),
        ([0, 0], Unit.NUMBER, True, [0, 1]),
        ([316, 610], Unit.NUMBER, True, [0, 200, 400, 600, 800]),
        ([-12, 30], Unit.NUMBER, True, [-20, 0, 20, 40]),
        ([-12, -30], Unit.NUMBER, True, [-30, -20, -10, 0]),
        ([9, 10], Unit.NUMBER, True, [0, 5, 10]),
        ([0.2, 0.5], Unit.PERCENT, True, [0, 0.2, 0.4, 0.6]),
        ([990, 1000], Unit.NUMBER, False, [990, 995, 1000]),
        ([-1000, -990], Unit.NUMBER, False, [-1000, -995, -990]),
        ([500, 1000], Unit.NUMBER, False, [0, 250, 500, 750, 1000]),
        ([5, 5], Unit.NUMBER, False, [0, 2, 4, 6]),
        ([40, 230], Unit.SECONDS, True, [0, 60, 120, 180, 240]),
        ([0.2], Unit.SECONDS, True, [0, 0.05, 0.1, 0.15, 0.2]),
        ([86_400 * 900], Unit.SECONDS, True, [0, 2e7, 4e7, 6e7, 8e7]),
        ([5e-324], Unit.NUMBER, True, [0, 1]),
        ([1e18], Unit.NUMBER, True, [0, 2.5e17, 5e17, 7.5e17, 1e18]),
    ],
)
def test_ticks(values: list[float], unit: Unit, from_zero: bool, ticks: list[float]) -> None:
    assert list(scale_for(values, unit, from_zero=from_zero).ticks) == pytest.approx(ticks)


@given(
    st.lists(st.floats(-LIMIT, LIMIT), min_size=1, max_size=8),
    st.sampled_from([Unit.NUMBER, Unit.PERCENT, Unit.BYTES, Unit.SECONDS]),
    st.booleans(),
)
def test_every_value_lies_on_the_axis(values: list[float], unit: Unit, from_zero: bool) -> None:
    scale = scale_for(values, unit, from_zero=from_zero)
    assert 2 <= len(scale.ticks) <= 12
    assert all(-1e-6 <= scale.share(value) <= 1 + 1e-6 for value in values)
    assert scale.ticks[0] <= scale.base <= scale.ticks[-1]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), 10**400, 1.7e308, Decimal("sNaN"), Decimal("NaN")])
def test_what_cannot_be_drawn(value: Any) -> None:
    assert drawable(value) is None


def test_what_can_be_drawn() -> None:
    assert drawable(Decimal("1.5")) == 1.5
