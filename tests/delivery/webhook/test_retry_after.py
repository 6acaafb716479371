"""How long a receiver wants to be left alone."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.delivery.webhook.retry_after import seconds_to_wait

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"0", 0),
        (b" 120 ", 120),
        (b"999999999", 999_999_999),
        (b"Mon, 02 Mar 2026 07:02:00 GMT", 120),
        (b"Monday, 02-Mar-26 07:02:00 GMT", 120),
        (b"Mon Mar  2 07:02:00 2026", 120),
        (b"Sun, 01 Mar 2026 07:02:00 GMT", 0),
    ],
)
def test_seconds_and_dates_are_understood(value: bytes, seconds: float) -> None:
    assert seconds_to_wait(value, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"-1",
        b"1.5",
        b"+1",
        b"soon",
        b"1e9",
        b"9" * 400,
        "１２".encode(),
        b"Mon, 99 Mar 2026 07:02:00 GMT",
        b"\xff",
    ],
)
def test_anything_else_is_no_wish(value: bytes) -> None:
    assert seconds_to_wait(value, NOW) is None
