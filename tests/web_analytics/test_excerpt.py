from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.access_log.excerpt import EXCERPT_LENGTH, safe_excerpt


@pytest.mark.parametrize(
    ("line", "excerpt"),
    [
        (b"192.0.2.7 something else", "… something else"),
        (b"user.isp.example - - what", "… - - what"),
        (b"x from 192.0.2.7 and 2001:db8::7, by a@example.com", "… from … and …, by …"),
        (b"x GET /reset?token=abc HTTP", "… GET /reset?… HTTP"),
        (b"x \x1b[31mred\x00", "… �[31mred�"),
        (b"192.0.2.7", "…"),
    ],
)
def test_masks_what_nobody_should_see(line: bytes, excerpt: str) -> None:
    assert safe_excerpt(line) == excerpt


@given(st.binary(max_size=3000))
def test_an_excerpt_is_short_and_printable(line: bytes) -> None:
    excerpt = safe_excerpt(line)

    assert len(excerpt) <= EXCERPT_LENGTH
    assert not re.search(r"[\x00-\x1f\x7f]", excerpt)


@given(st.ip_addresses().map(str), st.text("abc -[]", max_size=20))
def test_no_client_address_shows(address: str, rest: str) -> None:
    assert address not in safe_excerpt(f"{address} {rest} {address}".encode())
