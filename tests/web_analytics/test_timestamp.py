from __future__ import annotations

import pytest

from django_report_scheduling.contrib.web_analytics.access_log import timestamp
from django_report_scheduling.contrib.web_analytics.access_log.line import parse_line
from django_report_scheduling.contrib.web_analytics.access_log.timestamp import TimestampReader


def read(text: str, reader: TimestampReader | None = None) -> int | None:
    found = parse_line(f'h - - [{text}] "GET / HTTP/1.1" 200 1'.encode())
    assert found is not None
    return (reader or TimestampReader()).read(found)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("01/Jan/1970:00:00:00 +0000", 0),
        ("17/May/2015:10:05:03 +0000", 1431857103),
        ("17/May/2015:12:05:03 +0200", 1431857103),
        ("17/May/2015:02:35:03 -0730", 1431857103),
        ("31/Dec/2016:23:59:60 +0000", 1483228799),
    ],
)
def test_reads_the_moment_whatever_the_offset(text: str, seconds: int) -> None:
    assert read(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "31/Feb/2015:10:05:03 +0000",
        "17/Mai/2015:10:05:03 +0000",
        "17/May/2015:24:05:03 +0000",
        "17/May/2015:10:05:61 +0000",
        "17/May/0000:10:05:03 +0000",
        "17/May/2015:10:05:03 +9900",
    ],
)
def test_knows_no_moment_that_does_not_exist(text: str) -> None:
    assert read(text) is None


def test_remembers_a_bounded_number_of_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timestamp, "_REMEMBERED", 2)
    reader = TimestampReader()

    moments = [read(f"17/May/2015:10:{minute:02}:00 +0000", reader) for minute in (1, 2, 3, 1)]

    assert moments == [1431856860, 1431856920, 1431856980, 1431856860]
    assert len(reader._minutes) <= 2
