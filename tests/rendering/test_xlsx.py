from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.workbook import sheets
from django_report_scheduling.rendering.xlsx import XlsxRenderer
from django_report_scheduling.reports import Column, Table, Unit
from tests.extras import needs_xlsx
from tests.rendering.samples import document, rendered, weekly_report

pytestmark = needs_xlsx


def read(*blocks: Any, **overrides: Any) -> Workbook:
    report = document(*blocks, **overrides) if blocks else weekly_report(**overrides)
    return openpyxl.load_workbook(io.BytesIO(rendered(XlsxRenderer(), report)))


def one_cell(value: Any, unit: Unit = Unit.NUMBER) -> Any:
    book = read(Table(key="t", title="T", columns=[Column(key="a", label="A", unit=unit)], rows=[[value]]))
    return book["T"]["A2"]


def test_summary_and_one_sheet_per_table() -> None:
    book = read(preview=True)
    assert book.sheetnames == ["Summary", "Top pages", "Missing pages worth fixing", "Goals"]
    values = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0]}
    assert values["Account"] == "Halden & Partners"
    assert values["Period"].replace("\u2009", "") == "18–24 May 2015"
    assert values["Preview"] == "Not sent to any recipient."
    assert values["Visits"] == 3214
    assert values["hits"] == 10000
    assert book.properties.title == "Performance summary"
    assert book.properties.creator == "Halden & Partners"


def test_headings_are_frozen_and_filtered() -> None:
    sheet = read()["Top pages"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F23"
    assert [cell.value for cell in sheet[1]][:5] == ["Page", "Views", "Visitors", "Exit rate", "Transferred (bytes)"]
    assert sheet.column_dimensions["A"].width > 20
    assert not sheet.sheet_view.rightToLeft


def test_right_to_left() -> None:
    assert read(locale="ar")["Top pages"].sheet_view.rightToLeft


@pytest.mark.parametrize(
    ("value", "unit", "expected", "number_format"),
    [
        (1234, Unit.NUMBER, 1234, "#,##0"),
        (12.5, Unit.NUMBER, 12.5, "#,##0.00"),
        (Decimal("12.5"), Unit.NUMBER, 12.5, "#,##0.00"),
        (0.125, Unit.PERCENT, 0.125, "0.0%"),
        (2**20, Unit.BYTES, 2**20, "#,##0"),
        (1.5, Unit.SECONDS, 1.5, "#,##0.0"),
        (True, Unit.NUMBER, True, "General"),
        (dt.date(2015, 5, 18), Unit.DATE, dt.datetime(2015, 5, 18), "mm-dd-yy"),  # noqa: DTZ001 - Excel knows no zones
        (dt.datetime(2015, 5, 18, 6, tzinfo=dt.UTC), Unit.DATETIME, dt.datetime(2015, 5, 18, 8), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001 - Excel knows no zones
        (dt.datetime(2015, 5, 18, 6), Unit.DATETIME, dt.datetime(2015, 5, 18, 6), "yyyy-mm-dd hh:mm"),  # noqa: DTZ001 - Excel knows no zones
        (dt.date(1815, 6, 18), Unit.DATE, "1815-06-18", "General"),
        (None, Unit.NUMBER, None, "General"),
        (float("nan"), Unit.NUMBER, None, "General"),
        (float("inf"), Unit.NUMBER, None, "General"),
        (9_007_199_254_740_993, Unit.NUMBER, "9007199254740993", "General"),
        (10**18, Unit.NUMBER, "1000000000000000000", "General"),
        ("text", Unit.TEXT, "text", "General"),
        ("w" * 40_000, Unit.TEXT, "w" * 32_766 + "…", "General"),
        ("a\x00\ud800", Unit.TEXT, "a\ufffd\ufffd", "General"),
    ],
)
def test_cells(value: Any, unit: Unit, expected: Any, number_format: str) -> None:
    cell = one_cell(value, unit)
    assert cell.value == expected
    assert cell.number_format == number_format


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "http://", "mailto:", "file:///", "{="])
def test_attack_084_text_stays_text(start: str) -> None:
    cell = one_cell(f"{start}1+1}}")
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value.replace("_x000D_", "").strip() == f"{start}1+1}}".strip()


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    rows = [[number] for number in range(7)]
    book = read(Table(key="t", title="T", columns=[Column(key="a", label="A", unit=Unit.NUMBER)], rows=rows))
    assert book.sheetnames == ["Summary", "T", "T (2)", "T (3)"]
    assert [cell.value for cell in book["T (2)"]["A"]] == ["A", 3, 4, 5]


def test_more_columns_than_excel_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_COLUMNS", 1)
    table = Table(key="t", title="T", columns=[Column(key="a", label="A"), Column(key="b", label="B")], rows=[])
    with pytest.raises(RenderError, match="Excel takes 1"):
        read(table)


def test_a_table_without_columns_or_title() -> None:
    assert read(Table(key="t", title="", columns=[], rows=[])).sheetnames == ["Summary", "t"]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert rendered(XlsxRenderer(), weekly_report()) == rendered(XlsxRenderer(), weekly_report())


def test_with_the_library_nothing_is_missing() -> None:
    assert XlsxRenderer().check() == []
