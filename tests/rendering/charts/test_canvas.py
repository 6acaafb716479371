from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.charts.canvas import WIDTH, Canvas, fitting, number, text_width


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (-0.0, "0"), (-0.001, "0"), (1, "1"), (1.5, "1.5"), (-10.25, "-10.25"), (100, "100"), (0.999, "1")],
)
def test_numbers_are_short(value: float, expected: str) -> None:
    assert number(value) == expected


@given(st.text(), st.floats(30, 400))
def test_fitted_texts_are_not_wider(text: str, width: float) -> None:
    assert text_width(fitting(text, width)) <= width + 1


def test_mirrored() -> None:
    canvas = Canvas(height=10, mirrored=True)
    canvas.text((0, 5), "right")
    canvas.boxes([(0, 0, 80, 10)], color="#000000")
    canvas.line((0, 0), (WIDTH, 0), color="#000000")
    markup = canvas.markup(alternative="x")
    assert '<text x="680" y="5" text-anchor="end"' in markup
    assert 'd="M600 0h80v10h-80z"' in markup
    assert 'x1="680" y1="0" x2="0"' in markup


def test_no_boxes_no_path() -> None:
    canvas = Canvas(height=10)
    canvas.boxes([], color="#000000")
    assert "<path" not in canvas.markup(alternative="")


@pytest.mark.parametrize("text", ["مايو", "שלום", "हिन्दी", "ไทย", "👩‍👧"])
@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_scripts_that_join_letters_are_set_as_html(text: str, anchor: str) -> None:
    canvas = Canvas(height=100)
    canvas.text((340, 50), text, anchor=anchor)  # type: ignore[arg-type]  # from the table above
    markup = canvas.markup(alternative="x")
    assert "<text" not in markup
    assert f">{text}</span>" in markup
    assert "top:39.50%" in markup


def test_everything_else_is_set_as_svg() -> None:
    canvas = Canvas(height=100)
    canvas.text((1, 1), "Übersicht 日本 & <b>", bold=True)
    assert "Übersicht 日本 &amp; &lt;b&gt;</text>" in canvas.markup(alternative="x")
