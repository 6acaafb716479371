from __future__ import annotations

import ctypes
import importlib
import io
import logging
import re
import socket
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib import request

import pikepdf
import pytest
from django.core.checks import Error
from pypdf import PdfReader

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering import Document
from django_report_scheduling.rendering.pdf import PdfRenderer
from django_report_scheduling.rendering.resource_policy import ResourceRefusedError
from django_report_scheduling.rendering.weasyprint_engine import engine
from django_report_scheduling.reports import Column, Table, Text
from tests.rendering.samples import document, png, rendered, table, weekly_report


def pdf(report: Document) -> bytes:
    return rendered(PdfRenderer(), report)


def text_of(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def elements(node: Any) -> list[Any]:
    """Return every structure element below a node."""
    found = []
    if isinstance(node, pikepdf.Array):
        for item in node:
            found += elements(item)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        found.append(node)
        found += elements(node.get("/K", pikepdf.Array()))
    return found


@pytest.fixture(scope="module")
def week() -> bytes:
    return pdf(weekly_report(logo=png()))


def test_metadata(week: bytes) -> None:
    reader = PdfReader(io.BytesIO(week))
    assert reader.metadata is not None
    title = str(reader.metadata.title).replace("\u2009", "")
    assert title == "Performance summary – Halden & Partners – 18–24 May 2015"
    assert reader.metadata.author == "Halden & Partners"
    assert reader.metadata.creator == "django-report-scheduling"
    assert "20150525060012" in str(reader.metadata["/CreationDate"])


def test_tagged_as_pdf_ua(week: bytes) -> None:
    with pikepdf.open(io.BytesIO(week)) as file:
        root = file.Root
        assert str(root.Lang) == "en-GB"
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert b"pdfuaid:part" in root.Metadata.read_bytes()
        tags = elements(root.StructTreeRoot.K)
        kinds = {str(tag.S) for tag in tags}
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/P"} <= kinds
        alternatives = [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"]
    assert "Halden & Partners" in alternatives
    assert any(text.startswith("Line chart: Visits by hour. 168 positions from") for text in alternatives)
    assert all(alternatives)


def test_headings_are_bookmarks(week: bytes) -> None:
    top, below = PdfReader(io.BytesIO(week)).outline
    assert top["/Title"] == "Performance summary"  # type: ignore[index,call-overload]  # outline is a nested list
    assert [entry["/Title"] for entry in below][:3] == [  # type: ignore[index,union-attr]  # outline is a nested list
        "Visits by hour",
        "Visits and visitors by day",
        "How to read this",
    ]


def test_pages_are_numbered_and_headed(week: bytes) -> None:
    pages = PdfReader(io.BytesIO(week)).pages
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of 3" in page.extract_text()
    assert "Performance summary, 18–24 May 2015" in pages[1].extract_text().replace("\u2009", "")
    assert "Top pages" in pages[1].extract_text()


def test_every_font_is_embedded(week: bytes) -> None:
    fonts = 0
    with pikepdf.open(io.BytesIO(week)) as file:
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                fonts += 1
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys())
    assert fonts >= 2


def test_nothing_in_the_file_points_outside(week: bytes) -> None:
    with pikepdf.open(io.BytesIO(week)) as file:
        assert not [item for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/URI" in item]
        assert "/AF" not in file.Root
        assert not file.attachments


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf(weekly_report()) == pdf(weekly_report())


def test_right_to_left_and_east_asian_text() -> None:
    data = pdf(weekly_report(locale="ar", number_format="ar", name="شركة النور", title="ملخص"))
    with pikepdf.open(io.BytesIO(data)) as file:
        assert str(file.Root.Lang) == "ar"
    assert "株式会社はるか" in text_of(pdf(weekly_report(locale="ja", name="株式会社はるか 🌸")))


def test_hostile_text_is_printed_or_made_harmless() -> None:
    words = ["<script>alert(1)</script>", "{{ 7*7 }}", "\u202egnp.exe", "half \ud800", "nul \x00", "w" * 10_000]
    cells = Table(key="t", title="T", columns=[Column(key="a", label="A")], rows=[[word] for word in words])
    text = text_of(pdf(document(Text(text="\n\n".join(words[:5])), cells, name="\u202eevil\ud800")))
    assert text.count("<script>alert(1)</script>") == 2
    assert "{{ 7*7 }}" in text
    assert "\u202e" not in text


@pytest.mark.slow
def test_the_heading_of_a_long_table_is_repeated_on_each_page() -> None:
    pages = PdfReader(io.BytesIO(pdf(document(table(200))))).pages
    assert len(pages) > 4
    assert all("Exit rate" in page.extract_text() for page in pages)


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(RenderError, match=r"have 60 cells, a PDF may have 50 .*Use xlsx or csv"):
        rendered(PdfRenderer(max_cells=50), document(table(10)))


def test_without_pango_the_fix_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PdfRenderer().check() == []

    def missing(_name: str) -> None:
        msg = "cannot load library 'libpango-1.0-0'\nAdditionally, ctypes.util.find_library() did not manage"
        raise OSError(msg)

    monkeypatch.setattr(importlib, "import_module", missing)
    monkeypatch.setattr(ctypes, "CDLL", missing)
    (message,) = PdfRenderer().check()
    assert isinstance(message, Error)
    assert message.id == "report_scheduling.E101"
    assert "apt-get install libpango-1.0-0" in message.msg
    assert "brew install pango" in message.msg
    with pytest.raises(RenderError, match="apt-get install libpango"):
        pdf(document())


def test_a_failure_of_the_library_is_a_render_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        msg = "too deep"
        raise RecursionError(msg)

    monkeypatch.setattr(engine(), "_write", fail)
    with pytest.raises(RenderError, match="WeasyPrint could not lay out the report: RecursionError: too deep"):
        pdf(document())


CHANNELS = {
    "img": '<img src="{url}">',
    "srcset": '<img srcset="{url} 2x">',
    "picture": '<picture><source srcset="{url}"><img alt="x"></picture>',
    "import": '<style>@import url("{url}");</style>',
    "stylesheet": '<link rel="stylesheet" href="{url}">',
    "font": '<style>@font-face{{font-family:x;src:url("{url}")}} p{{font-family:x}}</style><p>x</p>',
    "background": "<div style=\"background-image:url('{url}')\">x</div>",
    "border-image": "<div style=\"border:9px solid;border-image:url('{url}') 1\">x</div>",
    "list-style": "<ul><li style=\"list-style-image:url('{url}')\">x</li></ul>",
    "content": '<style>p::before{{content:url("{url}")}}</style><p>x</p>',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "iframe": '<iframe src="{url}"></iframe>',
    "attachment-link": '<link rel="attachment" href="{url}">',
    "attachment-anchor": '<a rel="attachment" href="{url}">x</a>',
    "svg-image": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "svg-use": '<svg width="9" height="9"><use href="{url}#x"/></svg>',
    "svg-style": '<svg width="9"><style>@import url("{url}");</style><rect fill="url({url}#x)" width="9"/></svg>',
    "data-svg": (
        '<img src="data:image/svg+xml;utf8,&lt;svg xmlns=%22http://www.w3.org/2000/svg%22&gt;'
        '&lt;image href=%22{url}%22/&gt;&lt;/svg&gt;">'
    ),
    "base": '<base href="{url}"><img src="x.png">',
    "color-profile": '<style>@color-profile --x{{src:url("{url}")}} p{{color:color(--x 1 0 0)}}</style><p>x</p>',
    "page-background": '<style>@page{{background:url("{url}")}}</style>',
}
SECRET = "local-secret-0815"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    attempts: list[str] = []

    def refuse(*args: Any, **_options: Any) -> None:
        attempts.append(repr(args))
        msg = "no network in tests"
        raise OSError(msg)

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(request.OpenerDirector, "open", refuse)
    return attempts


@pytest.mark.parametrize("scheme", ["file", "http", "ftp"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_attack_070_and_071_no_channel_fetches(
    channel: str, scheme: str, tmp_path: Path, no_network: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    url = secret.as_uri() if scheme == "file" else f"{scheme}://127.0.0.1:9/x.png?token={SECRET}"
    output = io.BytesIO()
    html = f"<html lang=en><title>x</title><body>{CHANNELS[channel].format(url=url)}"
    refused = pytest.raises(ResourceRefusedError) if channel == "color-profile" else nullcontext()
    with caplog.at_level(logging.WARNING, "django_report_scheduling.rendering"), refused:
        engine().write_pdf(html, output, embedded=frozenset(), variant=None)
    assert not no_network
    ours = [record for record in caplog.records if record.name.startswith("django_report_scheduling")]
    assert SECRET not in " ".join(record.getMessage() for record in ours)
    if channel == "color-profile":
        return
    with pikepdf.open(output) as file:
        assert not file.attachments
        content = b"".join(item.read_bytes() for item in file.objects if isinstance(item, pikepdf.Stream))
    assert SECRET.encode() not in content + output.getvalue()


def test_attack_073_only_safe_links_reach_the_file() -> None:
    output = io.BytesIO()
    links = [
        "https://example.com/",
        "mailto:a@example.com",
        "http://x.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ]
    html = "<html lang=en><title>x</title>" + "".join(f'<p><a href="{link}">x</a>' for link in links)
    engine().write_pdf(html, output, embedded=frozenset(), variant="pdf/ua-1")
    uris = re.findall(rb"/URI \((.*?)\)", output.getvalue())
    with pikepdf.open(output) as file:
        found = {str(item.URI) for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/URI" in item}
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and "/A" in item and "/URI" in item.A:
                found.add(str(item.A.URI))
    assert found | {uri.decode() for uri in uris} == {"https://example.com/", "mailto:a@example.com"}


def test_attack_072_presentational_hints_are_off() -> None:
    output = io.BytesIO()
    html = '<html lang=en><title>x</title><body bgcolor="#ff0000"><p>x'
    engine().write_pdf(html, output, embedded=frozenset(), variant=None)
    with pikepdf.open(output) as file:
        assert b"1 0 0 rg" not in b"".join(
            item.read_bytes() for item in file.objects if isinstance(item, pikepdf.Stream)
        )


def test_attack_076_a_broken_logo_does_not_keep_the_report_back() -> None:
    data = pdf(document(logo=b"%!PS-Adobe-3.0 EPSF-3.0", name="Halden"))
    assert "Halden" in text_of(data)
