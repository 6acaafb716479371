from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.formatting.quantities import byte_size, duration
from django_report_scheduling.rendering.locales import parse_locale


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (0, "en", "0 B"),
        (999, "en", "999 B"),
        (1000, "en", "1 kB"),
        (999_960, "en", "1.0 MB"),
        (2_747_282_505, "en", "2.7 GB"),
        (2_747_282_505, "de", "2,7\u00a0GB"),
        (2_747_282_505, "fr", "2,7\u202fGo"),
        (1500, "de-CH", "1.5 kB"),
        (-1500, "en", "-1.5 kB"),
        (10**18, "en", "1,000 PB"),
        (10**30, "en", "1 × 10³⁰ B"),
        (Decimal("1500.5"), "en", "1.5 kB"),
        (0.25, "en", "0 B"),
    ],
)
def test_bytes(value: Any, locale: str, expected: str) -> None:
    assert byte_size(value, parse_locale(locale)).replace("\u00a0", " ") == expected.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (0, "en", "0s"),
        (0.0042, "en", "4.2ms"),
        (0.25, "en", "250ms"),
        (0.99996, "en", "1.0s"),
        (4.2, "en", "4.2s"),
        (59.96, "en", "1m"),
        (205, "en", "3m 25s"),
        (119.9, "en", "2m"),
        (3599.6, "en", "1h"),
        (3600, "en", "1h"),
        (7500, "en", "2h 5m"),
        (86_400 * 2 + 3600 * 4, "en", "2d 4h"),
        (-75, "en", "-1m 15s"),
        (10**22, "en", "1 × 10²² s"),
        (205, "fr", "3min 25s"),
        (205, "de", "3 Min. 25 Sek."),
        (3, "he", "3 שנ׳"),
    ],
)
def test_durations(value: Any, locale: str, expected: str) -> None:
    assert duration(value, parse_locale(locale)) == expected


@given(st.floats(0, 1e20))
def test_no_part_of_a_duration_is_a_whole_one_of_the_next(seconds: float) -> None:
    assert not {"60s", "60m", "24h", "1,000ms"} & set(duration(seconds, parse_locale("en")).split())
