from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.colors import DEFAULT_ACCENT, contrast, palette


@given(st.integers(0, 0xFFFFFF))
def test_text_is_readable_and_charts_are_visible_in_any_accent(color: int) -> None:
    colors = palette(f"#{color:06x}")
    assert colors.accent == f"#{color:06x}"
    assert contrast(colors.accent_text) >= 4.5
    assert all(contrast(shade) >= 2.9 for shade in (*colors.areas, *colors.lines))


@pytest.mark.parametrize("value", ["", "red", "#fff", "#12345g", "#1f4e8c;}body{", "#1f4e8c\n", "url(x)", "var(--x)"])
def test_attack_072_only_a_hex_colour_reaches_the_style(value: str) -> None:
    assert palette(value).accent == DEFAULT_ACCENT


def test_colours_are_normalised() -> None:
    assert palette("#ABCDEF").accent == "#abcdef"
    assert all(re.fullmatch("#[0-9a-f]{6}", shade) for shade in palette("#000000").areas)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("nonsense") == pytest.approx(21)
