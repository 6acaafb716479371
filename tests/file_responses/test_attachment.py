"""A file as an HTTP answer: whole, in part, not again, or not at all."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import RequestFactory

from django_report_scheduling.file_responses import send_file
from django_report_scheduling.models import ReportFile

CONTENT = b"0123456789"
ETAG = f'"{"a" * 64}"'


class Stream(io.RawIOBase):
    """Bytes that can only be read from the beginning to the end."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk


@pytest.fixture
def file() -> ReportFile:
    return ReportFile(name="a.pdf", content_type="application/pdf", size=len(CONTENT), sha256="a" * 64)


def answer(file: ReportFile, content: Any = None, *, method: str = "get", **headers: str) -> Any:
    request = getattr(RequestFactory(), method)("/", headers=headers)
    return send_file(request, file, io.BytesIO(CONTENT) if content is None else content)


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_the_whole_file_comes_where_no_part_is_asked_for(file: ReportFile) -> None:
    response = answer(file)

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert (response["Accept-Ranges"], response["Content-Length"], response["ETag"]) == ("bytes", "10", ETAG)


@pytest.mark.parametrize(
    ("asked", "given", "content"),
    [("bytes=2-4", "bytes 2-4/10", b"234"), ("bytes=7-", "bytes 7-9/10", b"789"), ("bytes=-2", "bytes 8-9/10", b"89")],
)
def test_a_part_comes_as_206(asked: str, given: str, content: bytes, file: ReportFile) -> None:
    response = answer(file, Range=asked)

    assert (response.status_code, body(response)) == (206, content)
    assert (response["Content-Range"], response["Content-Length"]) == (given, str(len(content)))
    assert response["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert response["Content-Encoding"] == "identity"  # or Django's GZipMiddleware packs it


def test_a_part_that_is_larger_than_a_block_comes_whole(file: ReportFile) -> None:
    content = bytes(range(256)) * 100
    file.size = len(content)

    assert body(answer(file, io.BytesIO(content), Range="bytes=1-20000")) == content[1:20001]


def test_a_part_that_is_not_there_is_a_416_that_tells_the_size(file: ReportFile) -> None:
    stored = io.BytesIO(CONTENT)

    response = answer(file, stored, Range="bytes=10-")

    assert (response.status_code, response["Content-Range"], body(response)) == (416, "bytes */10", b"")
    assert stored.closed


@pytest.mark.parametrize("asked", ["bytes=5-2", "items=0-1", "bytes=0-1,3-4", "nonsense"])
def test_a_range_that_makes_no_sense_is_ignored(asked: str, file: ReportFile) -> None:
    response = answer(file, Range=asked)

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_a_part_goes_on_only_while_the_bytes_are_the_same(file: ReportFile) -> None:
    same = answer(file, **{"Range": "bytes=5-", "If-Range": ETAG})
    others = [
        answer(file, **{"Range": "bytes=5-", "If-Range": tag})
        for tag in ('"b"', f"W/{ETAG}", "Fri, 20 Nov 2026 10:00:00 GMT")
    ]

    assert (same.status_code, body(same)) == (206, b"56789")
    assert [(other.status_code, body(other)) for other in others] == [(200, CONTENT)] * 3


def test_ranges_are_for_get_alone(file: ReportFile) -> None:
    response = send_file(RequestFactory().head("/", headers={"Range": "bytes=2-4"}), file, None)

    assert (response.status_code, response["Content-Length"]) == (200, "10")
    assert body(response) == b""


def test_a_storage_that_cannot_seek_gives_the_whole(file: ReportFile) -> None:
    response = answer(file, Stream(CONTENT), Range="bytes=2-4")

    assert (response.status_code, response["Accept-Ranges"], body(response)) == (200, "none", CONTENT)


@pytest.mark.parametrize(("header", "status"), [("If-None-Match", 304), ("If-Match", 200)])
def test_preconditions_are_about_the_checksum(header: str, status: int, file: ReportFile) -> None:
    response = answer(file, **{header: ETAG})

    assert response.status_code == status
    assert response["ETag"] == ETAG


def test_a_precondition_that_fails_closes_the_file(file: ReportFile) -> None:
    stored = io.BytesIO(CONTENT)

    assert answer(file, stored, **{"If-Match": '"b"'}).status_code == 412
    assert stored.closed


@pytest.mark.django_db  # the end of an answer is where Django looks after its connections
@pytest.mark.parametrize("asked", ["", "bytes=0-1"])
def test_the_file_is_closed_with_the_answer(asked: str, file: ReportFile) -> None:
    stored = io.BytesIO(CONTENT)
    response = answer(file, stored, Range=asked)

    response.close()

    assert stored.closed


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-1"}, {"Range": "bytes=99-"}, {"If-None-Match": ETAG}])
def test_attack_081_every_answer_keeps_the_file_to_whoever_asked(headers: dict[str, str], file: ReportFile) -> None:
    response = answer(file, **headers)

    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Übersicht.pdf", "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"),
        ('a"b.pdf', r'attachment; filename="a\"b.pdf"'),
        ("a\r\nSet-Cookie: x.pdf", "attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x.pdf"),
    ],
)
def test_every_name_fits_into_the_header(name: str, header: str, file: ReportFile) -> None:
    file.name = name

    assert answer(file)["Content-Disposition"] == header
