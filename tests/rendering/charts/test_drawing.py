from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.charts import draw
from django_report_scheduling.rendering.colors import palette
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Chart, ChartKind, Series, Unit
from tests.rendering.samples import hourly

FORMATTER = Formatter(locale="en-GB")
PALETTE = palette("#1f4e8c")
NAN = float("nan")
NUMBERS = re.compile(r"[-0-9.,%#a-fA-FMLhvz ]+")
NAMES = {"role", "text-anchor", "font-family", "direction", "class", "style", "stroke-linejoin", "stroke-linecap"}


def chart(labels: list[Any], *values: list[Any], **options: Any) -> Chart:
    series = [Series(name=f"Series {number}", values=items) for number, items in enumerate(values, start=1)]
    return Chart(key="k", title="Title", labels=labels, series=series, **options)


def parsed(markup: str) -> ET.Element:
    root = ET.fromstring(f"<root>{markup}</root>")  # noqa: S314 - our own markup
    for element in root.iter():
        for name, value in element.attrib.items():
            assert name in NAMES or value == "none" or NUMBERS.fullmatch(value), (name, value)
            assert "nan" not in value.lower() or name in NAMES, (name, value)
    return root


def texts(markup: str) -> list[str]:
    return [element.text or "" for element in parsed(markup).iter() if element.tag.endswith(("text", "span"))]


def days(count: int) -> list[dt.date]:
    return [dt.date(2015, 5, 1) + dt.timedelta(days=i) for i in range(count)]


anything = st.none() | st.floats() | st.integers() | st.decimals()


@given(st.data(), st.sampled_from(ChartKind), st.sampled_from(Unit), st.booleans())
def test_whatever_the_values_the_markup_is_well_formed(data: Any, kind: ChartKind, unit: Unit, mirrored: bool) -> None:
    size = data.draw(st.integers(0, 12))
    labels = data.draw(st.lists(st.text(), min_size=size, max_size=size) | st.just(days(size)))
    values = data.draw(st.lists(st.lists(anything, min_size=size, max_size=size), max_size=3))
    parsed(draw(chart(labels, *values, kind=kind, unit=unit), PALETTE, FORMATTER, mirrored=mirrored))


@pytest.mark.parametrize("kind", ChartKind)
@pytest.mark.parametrize("values", [[], [None, None], [NAN, float("inf")]])
def test_nothing_to_draw(kind: ChartKind, values: list[Any]) -> None:
    assert draw(chart(days(len(values)), values, kind=kind), PALETTE, FORMATTER) == ""


def test_attack_075_names_are_text() -> None:
    hostile = Chart(
        key="k",
        title='<script>"{{ 7*7 }}"',
        labels=['"/><script>alert(1)</script>', "{{ 7*7 }}"],
        series=[Series(name="</svg><script>", values=[1, 2]), Series(name="{% x %}", values=[1, 2])],
        description="<!-- ]]> &",
    )
    for kind in ChartKind:
        markup = draw(
            Chart(**{name: getattr(hostile, name) for name in Chart.__slots__} | {"kind": kind}), PALETTE, FORMATTER
        )
        assert "script" not in {element.tag.rpartition("}")[2] for element in parsed(markup).iter()}
        assert any("{{ 7*7 }}" in text for text in texts(markup))


def test_a_gap_splits_a_line_and_a_lone_value_is_a_dot() -> None:
    markup = draw(chart(days(7), [1, 2, None, 3, None, 4, 5], kind=ChartKind.LINE), PALETTE, FORMATTER)
    assert markup.count("<path") == 2
    assert markup.count("<circle") == 5


def test_one_point_is_drawn() -> None:
    assert "<circle" in draw(chart(days(1), [3], kind=ChartKind.LINE), PALETTE, FORMATTER)
    assert "h56v" in draw(chart(days(1), [3]), PALETTE, FORMATTER)


def test_few_columns_carry_their_values() -> None:
    assert "610" in texts(draw(chart(days(7), [420, 510, 498, 530, 610, 330, None]), PALETTE, FORMATTER))
    assert "610" not in texts(draw(chart(days(31), [610] * 31), PALETTE, FORMATTER))
    wide = draw(chart(days(13), [12_345_678.5] * 13), PALETTE, FORMATTER)
    assert "12.3M" in texts(wide) or wide


def test_long_names_get_lying_bars_with_full_names() -> None:
    names = [
        "Chrome for Android",
        "Safari on iPhone and iPad",
        "Internet Explorer",
        "Firefox",
        "Opera",
        "Other browsers",
    ]
    found = texts(draw(chart(names, [5, 4, 3, -2, None, 0]), PALETTE, FORMATTER))
    assert set(names) <= set(found)
    assert "-2" in found


def test_many_names_stay_columns() -> None:
    names = [f"A fairly long name {i}" for i in range(60)]
    assert len(texts(draw(chart(names, list(range(60))), PALETTE, FORMATTER))) < 30


def test_lines_are_named_at_their_ends() -> None:
    values = [[1, 2, 3], [1, 2, 3.1], [1, 2, 3.2], [None, None, None]]
    markup = draw(chart(days(3), *values, kind=ChartKind.LINE), PALETTE, FORMATTER)
    ys = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*font-weight', markup)]
    assert len(ys) == 4
    assert min(b - a for a, b in zip(sorted(ys), sorted(ys)[1:], strict=False)) > 12
    assert "Series 1" in texts(markup)


def test_fifty_lines_keep_their_names_on_the_sheet() -> None:
    markup = draw(chart(days(3), *[[1, 2, 3]] * 50, kind=ChartKind.LINE), PALETTE, FORMATTER)
    height = float(re.findall(r'viewBox="0 0 680 ([\d.]+)"', markup)[0])
    assert max(float(y) for y in re.findall(r'y="([\d.]+)"[^>]*font-weight', markup)) <= height


def test_several_series_of_columns_have_a_legend_in_lines() -> None:
    many = Chart(
        key="k",
        title="T",
        labels=days(2),
        series=[Series(name=f"A long series name {i}", values=[1, 2]) for i in range(9)],
    )
    found = texts(draw(many, PALETTE, FORMATTER))
    assert all(f"A long series name {i}" in found for i in range(9))


def test_bars_too_thin_to_see_become_lines() -> None:
    thin = hourly(744, kind=ChartKind.BAR, names=("a", "b", "c"))
    assert 'fill="none"' in draw(thin, PALETTE, FORMATTER)
    assert 'fill="none"' not in draw(hourly(744, kind=ChartKind.BAR), PALETTE, FORMATTER)


def test_series_differ_without_colour() -> None:
    markup = draw(chart(days(3), [1, 2, 3], [2, 3, 4], kind=ChartKind.LINE), PALETTE, FORMATTER)
    assert markup.count("stroke-dasharray") == 1


def title(markup: str) -> str:
    return next(element.text or "" for element in parsed(markup).iter() if element.tag.endswith("title"))


def test_the_picture_is_put_into_words() -> None:
    assert title(draw(chart(days(3), [1, 5, None], [2, 2, 2], [None] * 3), PALETTE, FORMATTER)) == (
        "Bar chart: Title. 3 positions from 1 May 2015 to 3 May 2015. "
        "Series 1: lowest 1 (1 May 2015), highest 5 (2 May 2015). Series 2: 2 throughout. Series 3: no data."
    )
    assert title(draw(chart(days(1), [1], kind=ChartKind.LINE), PALETTE, FORMATTER)).startswith(
        "Line chart: Title. 1 position. "
    )
    assert "2 more series" in title(draw(chart(days(2), *[[1, 2]] * 8), PALETTE, FORMATTER))


def test_the_author_s_words_come_first() -> None:
    assert title(draw(chart(days(1), [1], description="It rose."), PALETTE, FORMATTER)) == "Title. It rose."
