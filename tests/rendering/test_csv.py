from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.csv import CsvRenderer, cell, quoted
from django_report_scheduling.reports import Column, Table, Unit
from tests.rendering.samples import BERLIN, document, rendered, weekly_report


def read(data: bytes, **options: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), **options))


def test_sections() -> None:
    rows = read(rendered(CsvRenderer(), weekly_report()))
    assert rows[0] == ["report_type", "performance_summary"]
    assert ["period_start", "2015-05-18T00:00:00+02:00"] in rows
    metrics = rows.index(["metric", "value"])
    assert rows[metrics - 1] == []
    assert rows[metrics + 1] == ["hits", "10000"]
    pages = rows.index(["top_pages"])
    assert rows[pages + 1][0] == "path"
    assert rows[pages + 2] != []
    assert rows[pages + 2 + 22] == []
    assert ["goals"] in rows


def test_a_preview_says_so() -> None:
    assert ["preview", "true"] in read(rendered(CsvRenderer(), document(preview=True)))
    assert ["preview", "true"] not in read(rendered(CsvRenderer(), document()))


def test_byte_order_mark_and_delimiter_are_options() -> None:
    assert rendered(CsvRenderer(), document()).startswith(b"\xef\xbb\xbf")
    data = rendered(CsvRenderer(bom=False, delimiter=";"), document())
    assert data.startswith(b"report_type;performance_summary\r\n")


def test_the_stream_stays_open() -> None:
    output = io.BytesIO()
    CsvRenderer().render(document(), output)
    assert not output.closed


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (-5, -5),
        (-0.5, -0.5),
        (10**30, 10**30),
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("-12.50"), "-12.50"),
        (Decimal("NaN"), None),
        (Decimal("1e999999"), None),
        (True, "true"),
        (False, "false"),
        (dt.date(2015, 5, 18), "2015-05-18"),
        (dt.datetime(2015, 5, 18, tzinfo=dt.UTC), "2015-05-18T02:00:00+02:00"),
        (dt.datetime(2015, 5, 18), "2015-05-18T00:00:00"),  # noqa: DTZ001 - a naive one stays as it is
        ("lone \ud800", "lone \ufffd"),
        ("a\x00b", "a\ufffdb"),
        ('a, "b"\nc', 'a, "b"\nc'),
    ],
)
def test_cells(value: Any, expected: Any) -> None:
    assert cell(value, BERLIN) == expected


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\x00", " =", "\u00a0@", "\ufeff=", "＝", "－"]
)
def test_attack_084_formulas_are_quoted(start: str) -> None:
    assert quoted(start + "cmd|' /C calc'!A0").startswith("'")


@given(st.text())
def test_attack_084_whatever_the_text_no_cell_is_a_formula(text: str) -> None:
    table = Table(key="t", title=text, columns=[Column(key=text, label=text, unit=Unit.TEXT)], rows=[[text]])
    rows = read(rendered(CsvRenderer(), document(table, name=text)))
    for row in rows:
        assert not any(value.strip().startswith(("=", "+", "-", "@", "＝")) for value in row)
    assert rows[-1] == [quoted(text)] or not quoted(text)
