"""Blocks refuse what no renderer could show."""

from __future__ import annotations

import dataclasses

import pytest

from django_report_scheduling.reports import (
    AccountProfile,
    Chart,
    Column,
    Figure,
    Headline,
    PageBreak,
    ReportContent,
    Series,
    Table,
    Text,
)

COLUMNS = (Column(key="name", label="Name"), Column(key="count", label="Count"))


@pytest.mark.parametrize("row", [(), ("a",), ("a", 1, 2)])
def test_a_row_that_is_not_as_long_as_the_columns_is_refused_with_its_number(row: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=f"Table 'top': row 1 has {len(row)} cells for 2 columns"):
        Table(key="top", title="Top", columns=COLUMNS, rows=[("fine", 1), row])  # type: ignore[list-item]


def test_a_table_without_rows_is_a_table() -> None:
    assert Table(key="top", title="Top", columns=COLUMNS, rows=()).rows == ()


@pytest.mark.parametrize("values", [(), (1,), (1, 2, 3)])
def test_a_series_that_is_not_as_long_as_the_labels_is_refused_with_its_name(values: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"Chart 'hits': series 'now' has {len(values)} values for 2 labels.*None"):
        Chart(key="hits", title="Hits", labels=("a", "b"), series=(Series(name="now", values=values),))


def test_a_gap_in_a_series_is_a_value() -> None:
    chart = Chart(key="hits", title="Hits", labels=("a", "b"), series=(Series(name="now", values=(1, None)),))

    assert chart.series[0].values == (1, None)


def test_the_tables_of_the_content_come_in_order() -> None:
    tables = [Table(key=key, title=key, columns=COLUMNS, rows=()) for key in ("b", "a")]
    content = ReportContent(metrics={}, blocks=(Text(text="x"), tables[0], PageBreak(), tables[1]))

    assert content.tables == tables


@pytest.mark.parametrize(
    "value",
    [
        Figure(label="Hits", value=1),
        Headline(figures=()),
        Text(text="x"),
        PageBreak(),
        ReportContent(metrics={}),
        AccountProfile(id="1", slug="a", name="A"),
    ],
)
def test_values_cannot_be_changed(value: object) -> None:
    with pytest.raises((AttributeError, TypeError)):
        value.anything = 1  # type: ignore[attr-defined]
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field.name, None)
