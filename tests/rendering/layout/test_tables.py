from __future__ import annotations

import re
from typing import Any

import pytest

from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.rendering.layout.tables import CELL_LIMIT, table_view
from django_report_scheduling.reports import Column, Table, Unit
from tests.rendering.samples import table

FORMATTER = Formatter(locale="en-GB")


def one_column(*cells: Any, unit: Unit = Unit.TEXT) -> Table:
    return Table(key="t", title="T", columns=[Column(key="a", label="A", unit=unit)], rows=[[cell] for cell in cells])


@pytest.mark.parametrize(
    "cell", ["<script>alert(1)</script>", '<a href="javascript:x">', "<iframe src='file:///etc/passwd'>"]
)
def test_attack_073_markup_in_a_cell_is_text(cell: str) -> None:
    rows = table_view(one_column(cell), FORMATTER).parts[0].rows
    assert re.sub(r"</?t[rd][^>]*>", "", rows).count("<") == 0
    assert "&lt;" in rows


def test_attack_075_template_code_in_a_cell_is_text() -> None:
    assert "{{ 7*7 }}{% load x %}" in table_view(one_column("{{ 7*7 }}{% load x %}"), FORMATTER).parts[0].rows


def test_rows_are_striped_and_numbers_flush() -> None:
    rows = table_view(one_column(1, 2, 3, unit=Unit.NUMBER), FORMATTER).parts[0].rows
    assert rows.splitlines() == ['<tr><td class="n">1', '<tr class="z"><td class="n">2', '<tr><td class="n">3']


def test_long_cells_break_lines_and_end_somewhere() -> None:
    view = table_view(one_column("short", "w" * 10_000), FORMATTER)
    assert view.parts[0].columns[0].css_class == "w"
    assert max(map(len, view.parts[0].rows.splitlines())) < CELL_LIMIT + 50
    assert "…" in view.parts[0].rows


def test_numbers_wider_than_any_column_break_too() -> None:
    view = table_view(one_column("9" * 90, unit=Unit.NUMBER), FORMATTER)
    assert view.parts[0].columns[0].css_class in {"n", "nw"}


def test_a_table_without_rows_or_columns() -> None:
    assert table_view(one_column(), FORMATTER).parts == []
    assert table_view(one_column(), FORMATTER).empty == "No data in this period."
    nothing = Table(key="t", title="T", columns=[], rows=[[], []], empty="Nothing.")
    assert table_view(nothing, FORMATTER).empty == "Nothing."
    assert table_view(nothing, FORMATTER).parts == []


def test_three_hundred_columns_come_in_parts() -> None:
    view = table_view(table(10, 300), FORMATTER)
    assert view.css_class == "wide"
    assert len(view.parts) > 5
    assert view.parts[0].caption == f"Part 1 of {len(view.parts)}"
    assert all(part.short and part.columns[0].label == "Page" for part in view.parts)
    labels = [column.label for part in view.parts for column in part.columns[1:]]
    assert labels == [column.label for column in table(1, 300).columns[1:]]


def test_a_long_table_is_measured_by_its_longest_cells() -> None:
    view = table_view(one_column(*["x"] * 600, "w" * 60), FORMATTER)
    assert view.parts[0].columns[0].css_class == ""
    assert not view.parts[0].short
