from __future__ import annotations

import logging
from xml.etree import ElementTree as ET

import pytest

from django_report_scheduling.rendering.resource_policy import (
    NothingFetcher,
    ResourceRefusedError,
    described,
    drop_references,
)

PIXEL = "data:image/png;base64,AAEC"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/x.png?token=SECRET",
        "http://169.254.169.254/latest/meta-data/",
        "ftp://example.com/x",
        "file:///etc/passwd",
        "data:image/svg+xml;base64,PHN2Zy8+",
        PIXEL + "AA",
        "relative.png",
        "http://[broken",
        "",
    ],
)
def test_attack_070_the_fetcher_refuses_everything(url: str, caplog: pytest.LogCaptureFixture) -> None:
    fetcher = NothingFetcher()
    fetcher.embedded = frozenset({PIXEL})
    with caplog.at_level(logging.WARNING, "django_report_scheduling.rendering"), pytest.raises(ResourceRefusedError):
        fetcher(url)
    assert fetcher.refused == 1
    assert "SECRET" not in caplog.text
    assert "passwd" not in caplog.text


def test_what_we_embedded_ourselves_is_given_out() -> None:
    fetcher = NothingFetcher()
    fetcher.embedded = frozenset({PIXEL})
    response = fetcher(PIXEL)
    assert response.read() == b"\x00\x01\x02"
    assert response.content_type == "image/png"
    assert fetcher.refused == 0


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://user:pw@example.com/x?y", "https://example.com"),
        ("file:///etc/passwd", "file:"),
        ("x.png", "a relative URL:"),
        ("http://[broken", "a malformed URL"),
    ],
)
def test_what_is_logged_of_a_url(url: str, text: str) -> None:
    assert described(url) == text


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ('<a href="https://example.com/">x</a>', True),
        ('<a href="mailto:a@example.com">x</a>', True),
        ('<a href="#section">x</a>', True),
        ('<a href="http://example.com/">x</a>', False),
        ('<a href="file:///etc/passwd">x</a>', False),
        ('<a href="JavaScript:alert(1)">x</a>', False),
        ('<a href=" data:text/html,x">x</a>', False),
        ('<a href="relative">x</a>', False),
        ('<a href="//example.com/">x</a>', False),
        ('<link href="https://example.com/x.css"/>', False),
        ('<base href="https://example.com/"/>', False),
        ('<use href="#here"/>', True),
        ('<image href="https://example.com/x.svg"/>', False),
        (f'<img src="{PIXEL}"/>', True),
        ('<img src="https://example.com/x.png"/>', False),
        ('<object data="file:///etc/passwd"/>', False),
        ('<video poster="https://example.com/x.png"/>', False),
        ('<p title="https://example.com/">x</p>', True),
    ],
)
def test_attack_073_links_lead_only_where_they_may(markup: str, kept: bool) -> None:
    root = ET.fromstring(f"<root>{markup}</root>")  # noqa: S314 - written above
    root.insert(0, ET.Comment("https://example.com/"))
    assert drop_references(root, frozenset({PIXEL})) == (0 if kept else 1)
    assert bool(root[-1].attrib) is kept
