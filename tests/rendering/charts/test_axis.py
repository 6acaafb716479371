from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from django_report_scheduling.rendering.charts.axis import position_labels, tick_labels
from django_report_scheduling.rendering.charts.canvas import text_width
from django_report_scheduling.rendering.charts.scale import Scale
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.reports import Unit
from tests.rendering.samples import BERLIN, hourly

FORMATTER = Formatter(locale="en-GB", zone=BERLIN)


@pytest.mark.parametrize(
    ("ticks", "unit", "texts"),
    [
        ([0, 1, 2], Unit.NUMBER, ["0", "1", "2"]),
        ([0, 2.5, 5], Unit.NUMBER, ["0.0", "2.5", "5.0"]),
        ([0, 0.05, 0.1], Unit.NUMBER, ["0.00", "0.05", "0.10"]),
        ([0, 2e6, 4e6], Unit.NUMBER, ["0", "2,000,000", "4,000,000"]),
        ([0, 2e17, 4e17], Unit.NUMBER, ["0", "2 × 10¹⁷", "4 × 10¹⁷"]),
        ([0, 1e-9], Unit.NUMBER, ["0", "1 × 10⁻⁹"]),
        ([0, 0.2, 0.4], Unit.PERCENT, ["0%", "20%", "40%"]),
        ([0, 0.025, 0.05], Unit.PERCENT, ["0.0%", "2.5%", "5.0%"]),
        ([0, 2e7, 4e7], Unit.BYTES, ["0 B", "20 MB", "40 MB"]),
        ([0, 60, 120], Unit.SECONDS, ["0s", "1m", "2m"]),
    ],
)
def test_ticks(ticks: list[float], unit: Unit, texts: list[str]) -> None:
    assert [text.replace("\u00a0", " ") for text in tick_labels(Scale(ticks=ticks), unit, FORMATTER)] == texts


def days(count: int) -> list[Any]:
    return [dt.date(2015, 5, 1) + dt.timedelta(days=i) for i in range(count)]


@pytest.mark.parametrize("labels", [days(1), days(7), days(31), days(366), [f"Name {i}" for i in range(750)]])
def test_texts_do_not_touch(labels: list[Any]) -> None:
    width = 600.0
    chosen = position_labels(labels, width, FORMATTER)
    step = width / max(len(labels) - 1, 1)
    assert 0 in chosen
    for (first, text), (second, other) in pairwise(chosen.items()):
        assert (second - first) * step > (text_width(text) + text_width(other)) / 2


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (12, ["18 May", "01:00", "02:00"]),
        (24, ["18 May", "02:00", "04:00"]),
        (48, ["18 May", "06:00", "12:00"]),
        (168, ["18 May", "19 May", "20 May"]),
        (744, ["18 May", "23 May", "28 May"]),
    ],
)
def test_hours_are_labelled_at_round_times(hours: int, expected: list[str]) -> None:
    labels = position_labels(hourly(hours).labels, 600, FORMATTER)
    assert list(labels.values())[:3] == expected


def test_a_day_of_25_hours_is_labelled_by_the_clock_on_the_wall() -> None:
    start = dt.datetime(2015, 10, 24, 22, tzinfo=dt.UTC)
    labels = [(start + dt.timedelta(hours=i)).astimezone(BERLIN) for i in range(25)]
    texts = position_labels(labels, 600, FORMATTER)
    assert texts[0] == "25 Oct"
    assert all(text.endswith(":00") for index, text in texts.items() if index)


@pytest.mark.parametrize("minutes", [7, 61])
def test_odd_moments_are_labelled_in_full(minutes: int) -> None:
    start = dt.datetime(2015, 5, 18, 8, 13, tzinfo=dt.UTC)
    labels = [start + dt.timedelta(minutes=minutes * i) for i in range(3)]
    assert position_labels(labels, 600, FORMATTER)[0] == "18 May, 10:13"
    assert position_labels([label.replace(tzinfo=None) for label in labels], 600, FORMATTER)[0] == "18 May, 08:13"
