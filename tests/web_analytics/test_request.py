from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.access_log.request import (
    PATH_LIMIT,
    CampaignTags,
    is_asset,
    parse_request,
)


@pytest.mark.parametrize(
    ("raw", "method", "path"),
    [
        (b"GET / HTTP/1.1", "GET", "/"),
        (b"POST /login?token=secret HTTP/2.0", "POST", "/login"),
        (b"GET /a b HTTP/1.0", "GET", "/a b"),
        (b"GET /a#part HTTP/1.0", "GET", "/a"),
        (b"GET http://user@example.com/a?b HTTP/1.1", "GET", "/a"),
        (b"GET http://example.com HTTP/1.1", "GET", "/"),
        (b"OPTIONS * HTTP/1.1", "OPTIONS", "*"),
        (b"M-SEARCH /x HTTP/1.1", "M-SEARCH", "/x"),
        ("GET /käse HTTP/1.1".encode(), "GET", "/käse"),
        (b"GET /\xff\x00 HTTP/1.1", "GET", "/��"),
    ],
)
def test_keeps_method_and_path_without_query(raw: bytes, method: str, path: str) -> None:
    request = parse_request(raw)

    assert request is not None
    assert (request.method, request.path) == (method, path)


@pytest.mark.parametrize("raw", [b"", b"-", b"\\x16\\x03\\x01", b"GET /", b"get / HTTP/1.1", b"GET HTTP/1.1"])
def test_a_malformed_request_has_no_parts(raw: bytes) -> None:
    assert parse_request(raw) is None


def test_cuts_off_an_endless_path() -> None:
    request = parse_request(b"GET /" + b"a" * 60_000 + b" HTTP/1.1")

    assert request is not None
    assert len(request.path) == PATH_LIMIT


@pytest.mark.parametrize(
    "path", ["/style.css", "/a/LOGO.PNG", "/app.min.js", "/feed.xml", "/robots.txt", "/favicon.ico", "/v.mp4"]
)
def test_what_browsers_and_programs_load_is_an_asset(path: str) -> None:
    assert is_asset(path)


@pytest.mark.parametrize("path", ["/", "/a.b/page", "/index.html", "/guide.pdf", "/x.php", "/notes.txt", "/.js", "/js"])
def test_what_people_ask_for_is_a_page(path: str) -> None:
    assert not is_asset(path)


def test_keeps_the_campaign_of_a_query_and_nothing_else() -> None:
    request = parse_request(b"GET /?utm_source=mail&token=x&utm_medium=e%20mail&utm_campaign=May HTTP/1.1")

    assert request is not None
    assert request.campaign == CampaignTags("mail", "e mail", "May")


@pytest.mark.parametrize("query", [b"a=b", b"utm_source=", b"utm_term=shoes", b"utm_source=%20"])
def test_a_query_without_campaign_leaves_none(query: bytes) -> None:
    request = parse_request(b"GET /?" + query + b" HTTP/1.1")

    assert request is not None
    assert request.campaign is None


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"GET ", b"GET /?utm_source="]), st.sampled_from([b"", b" HTTP/1.1"])
)
def test_no_request_makes_the_parser_fail(raw: bytes, start: bytes, end: bytes) -> None:
    request = parse_request(start + raw + end)

    assert request is None or "\x00" not in request.path
