from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.access_log.referrer import ReferrerAddress, parse_referrer


@pytest.mark.parametrize(
    ("raw", "host", "url"),
    [
        (b"http://example.com/a?q=secret#part", "example.com", "http://example.com/a"),
        (b"https://WWW.Example.com", "example.com", "https://www.example.com"),
        (b"https://user:password@example.com:8443/a", "example.com", "https://example.com/a"),
        (b"android-app://com.example.mail/", "com.example.mail", "android-app://com.example.mail/"),
        (b"http://[2001:db8::1]/a", "2001:db8::1", "http://2001:db8::1/a"),
    ],
)
def test_keeps_host_and_address_without_query_and_user(raw: bytes, host: str, url: str) -> None:
    found = parse_referrer(raw)

    assert found is not None
    assert found.url == url
    assert found == ReferrerAddress(host, url)


@pytest.mark.parametrize(
    "raw", [b"", b"-", b"/path", b"a.example/a", b"http://", b"http://[::1", b"http://" + b"a" * 300]
)
def test_what_names_no_host_is_no_referrer(raw: bytes) -> None:
    assert parse_referrer(raw) is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"http://", b"//", b"http://["]))
def test_no_referrer_makes_the_parser_fail(raw: bytes, start: bytes) -> None:
    found = parse_referrer(start + raw)

    assert found is None or found.host
