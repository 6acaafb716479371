"""A stored file as an attachment: never shown by the browser, never kept on the way, in parts where that is asked."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Final, TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from django_report_scheduling.file_responses.byte_ranges import ByteRange, UnsatisfiableRange, requested_range
from django_report_scheduling.models import ReportFile

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def send_file(request: HttpRequest, file: ReportFile, content: IO[bytes] | None) -> HttpResponseBase:
    """Answer a GET or HEAD with the file, or the part of it that is asked for.

    Preconditions (RFC 9110 §13) and ranges (§14) are honoured; the entity tag is the checksum of the bytes.

    :param content: open at its beginning; closed with the answer. ``None`` for a HEAD, which needs no bytes.
    """
    etag = f'"{file.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is not None and content is not None:
        content.close()
    response = response or _answer(request, file, content, etag)
    return _with_headers(response, {**HEADERS, "ETag": etag})


def _answer(request: HttpRequest, file: ReportFile, content: IO[bytes] | None, etag: str) -> HttpResponseBase:
    if content is None or not content.seekable():
        return _whole(file, content, ranges="bytes" if content is None else "none")
    header = request.headers.get("Range", "") if request.method == "GET" else ""
    # What was read before is of use only while the bytes are the same: otherwise all of them (§13.1.5).
    if request.headers.get("If-Range", etag) != etag:
        header = ""
    try:
        part = requested_range(header, size=file.size)
    except UnsatisfiableRange:
        content.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    return _part(file, content, part) if part else _whole(file, content, ranges="bytes")


def _whole(file: ReportFile, content: IO[bytes] | None, *, ranges: str) -> FileResponse:
    response = _file_response(file, content or io.BytesIO())
    return _with_headers(response, {"Accept-Ranges": ranges, "Content-Length": str(file.size)})


def _part(file: ReportFile, content: IO[bytes], part: ByteRange) -> FileResponse:
    content.seek(part.first)
    response = _file_response(file, _Limited(content, part.length))
    response.status_code = 206
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Encoding": "identity",  # else Django's GZipMiddleware packs what the range counts unpacked
        "Content-Length": str(part.length),
        "Content-Range": str(part),
    }
    return _with_headers(response, headers)


def _file_response(file: ReportFile, content: object) -> FileResponse:
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)


def _with_headers(response: AnyResponse, headers: Mapping[str, str]) -> AnyResponse:
    for name, value in headers.items():
        response.headers[name] = value
    return response


class _Limited:
    """The next bytes of an open file, and no more of them than given."""

    def __init__(self, content: IO[bytes], length: int) -> None:
        self._content, self._left = content, length

    def read(self, size: int) -> bytes:
        chunk = self._content.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._content.close()
