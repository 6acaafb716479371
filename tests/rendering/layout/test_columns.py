from __future__ import annotations

import pytest

from django_report_scheduling.rendering.layout.columns import ROOM, Density, Measure, measure, spread, widths
from django_report_scheduling.reports import Column, Unit


def same(count: int, width: float) -> list[Measure]:
    return [Measure(wanted=width, least=width)] * count


@pytest.mark.parametrize(
    ("columns", "density", "parts"),
    [
        (1, Density.NORMAL, 1),
        (5, Density.NORMAL, 1),
        (6, Density.DENSE, 1),
        (8, Density.WIDE, 1),
        (300, Density.WIDE, 34),
    ],
)
def test_the_page_follows_the_number_of_columns(columns: int, density: Density, parts: int) -> None:
    plan = spread(same(columns, 10))
    assert plan.density is density
    assert len(plan.parts) == parts
    assert sorted({index for part in plan.parts for index in part}) == list(range(columns))
    assert all(part[0] == 0 for part in plan.parts)


def test_a_column_wider_than_a_page_still_has_its_place() -> None:
    assert [list(part) for part in spread(same(3, 200)).parts] == [[0, 1], [0, 2]]


def test_weights_are_shares_but_nobody_starves() -> None:
    columns = [
        Column(key="a", label="A", weight=3),
        Column(key="b", label="B"),
        Column(key="c", label="C", unit=Unit.NUMBER, weight=0.01),
    ]
    measures = [Measure(wanted=5, least=5), Measure(wanted=5, least=5), Measure(wanted=10, least=10)]
    first, second, third = widths(columns, measures, ROOM[Density.NORMAL])
    assert first + second + third == pytest.approx(100)
    assert first > 2 * second
    assert third >= 100 * 10 / ROOM[Density.NORMAL] - 0.01


def test_without_weights_cells_decide() -> None:
    columns = [Column(key="a", label="A"), Column(key="b", label="B")]
    wide, narrow = widths(columns, [Measure(wanted=30, least=10), Measure(wanted=5, least=5)], 55)
    assert wide > 3 * narrow
    assert widths(columns, same(2, 5), 55) == pytest.approx([50, 50])


def test_measures() -> None:
    number = measure(Column(key="n", label="N", unit=Unit.NUMBER), 8)
    text = measure(Column(key="t", label="A very long heading"), 100)
    assert number.wanted == number.least > 8
    assert text.least < text.wanted < 30
    assert measure(Column(key="e", label=""), 0).least == 3
