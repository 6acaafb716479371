"""What becomes of a table without rows."""

from __future__ import annotations

import json

import pytest

from django_report_scheduling.rendering import Document
from django_report_scheduling.rendering.html import HtmlRenderer
from django_report_scheduling.rendering.json import JsonRenderer
from django_report_scheduling.reports import Column, Table
from tests.rendering.samples import document, rendered


def empty_table(*, shown: bool) -> Document:
    columns = [Column(key="name", label="Name")]
    return document(
        Table(key="t", title="Things", columns=columns, rows=[], empty="None today.", shown_when_empty=shown)
    )


@pytest.mark.parametrize(("shown", "on_page"), [(True, True), (False, False)])
def test_a_page_shows_it_with_its_text_unless_it_asks_not_to(shown: bool, on_page: bool) -> None:
    page = rendered(HtmlRenderer(), empty_table(shown=shown)).decode()

    assert ("None today." in page) is on_page
    assert ("Things" in page) is on_page


@pytest.mark.parametrize("shown", [True, False])
def test_data_formats_always_have_it(shown: bool) -> None:
    assert json.loads(rendered(JsonRenderer(), empty_table(shown=shown)))["tables"]["t"]["rows"] == []
