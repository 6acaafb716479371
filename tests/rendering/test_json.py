from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.json import JsonRenderer, plain
from django_report_scheduling.reports import Column, Table, Unit
from tests.rendering.samples import BERLIN, document, rendered, weekly_report


def refuse(constant: str) -> None:
    pytest.fail(f"{constant} is not JSON")


def read(**overrides: Any) -> Any:
    return json.loads(rendered(JsonRenderer(), weekly_report(**overrides)), parse_constant=refuse)


def test_shape() -> None:
    data = read(parameters={"rows": 5})
    assert data["report_type"] == "performance_summary"
    assert data["account"] == "halden"
    assert data["account_name"] == "Halden & Partners"
    assert data["period"] == {"start": "2015-05-18T00:00:00+02:00", "end": "2015-05-25T00:00:00+02:00"}
    assert data["generated_at"] == "2015-05-25T08:00:12+02:00"
    assert data["parameters"] == {"rows": 5}
    assert data["metrics"] == {"hits": 10000, "errors": 217}
    assert data["preview"] is False
    assert list(data["tables"]) == ["top_pages", "not_found", "goals"]


def test_tables_are_rows_of_named_cells() -> None:
    table = read()["tables"]["not_found"]
    assert table["title"] == "Missing pages worth fixing"
    assert table["columns"][2] == {"key": "hits", "label": "Hits", "unit": "number"}
    assert table["rows"][0]["hits"] == 41
    assert table["rows"][0]["last"] == "2015-05-25T08:00:12+02:00"


def test_without_tables() -> None:
    assert json.loads(rendered(JsonRenderer(), document()))["tables"] == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("NaN"), None),
        (Decimal("12.50"), 12.5),
        (Decimal(12), 12),
        (Decimal("1e30"), 1e30),
        (Decimal("1e999999"), None),
        (10**30, 10**30),
        (True, True),
        (None, None),
        ("\ud800", "\ufffd"),
        (dt.date(2015, 5, 18), "2015-05-18"),
        (dt.time(8, 30), "08:30:00"),
        ({"a": [Decimal("0.5"), (float("nan"),)], 5: "b"}, {"a": [0.5, [None]], "5": "b"}),
        (BERLIN, "Europe/Berlin"),
    ],
)
def test_values(value: Any, expected: Any) -> None:
    assert plain(value, BERLIN) == expected
    assert type(plain(value, BERLIN)) is type(expected)


@given(st.text(), st.floats() | st.decimals() | st.integers())
def test_always_strict_json(text: str, number: Any) -> None:
    table = Table(key=text, title=text, columns=[Column(key=text, label=text, unit=Unit.TEXT)], rows=[[number], [text]])
    content = rendered(JsonRenderer(), document(table, name=text, metrics={"x": number}))
    json.loads(content.decode("utf-8"), parse_constant=refuse)
