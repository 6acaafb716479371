"""Where lines come from: a file, a gzip file or standard input, in batches and in flat memory."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError

STANDARD_INPUT = "-"
LINE_LIMIT = 65_536
"""Bytes after which a line without an end counts as unreadable and the rest of it is skipped."""

_CHUNK = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


@contextmanager
def open_log(name: str, standard_input: BinaryIO) -> Iterator[BinaryIO]:
    """Open a log for reading; what is compressed with gzip is checked to its end first, then read as plain text.

    :param name: path, or ``-`` for standard input.
    :raises AccessLogError: there is no such file, it is empty, or it is a damaged gzip file.
    """
    if name == STANDARD_INPUT:
        buffered: io.BufferedReader = io.BufferedReader(cast("io.RawIOBase", standard_input))
        try:
            with _plain(buffered, "standard input") as stream:
                yield stream
        finally:
            buffered.detach()
        return
    path = Path(name)
    if path.is_dir():
        msg = f"{name} is a directory; name one log file (or pipe several: cat {name}/*.log | … import_access_log -)."
        raise AccessLogError(msg)
    try:
        opened = path.open("rb")
    except FileNotFoundError as error:
        msg = f"There is no file {name}; check the path (it is relative to {Path.cwd()})."
        raise AccessLogError(msg) from error
    except OSError as error:
        msg = f"{name} cannot be opened: {error.strerror}. Check its permissions."
        raise AccessLogError(msg) from error
    with opened, _plain(opened, name) as stream:
        yield stream


@contextmanager
def _plain(stream: io.BufferedReader, name: str) -> Iterator[BinaryIO]:
    start = stream.peek(2)[:2]
    if not start:
        msg = f"{name} is empty; there is nothing to import."
        raise AccessLogError(msg)
    if start != _GZIP_MAGIC:
        if name.lower().endswith(".gz"):
            msg = f"{name} is named .gz but is not a gzip file; rename it if it is plain text, or fetch it again."
            raise AccessLogError(msg)
        yield stream
        return
    with _rewindable(stream) as compressed:
        _verify(compressed, name)
        with gzip.GzipFile(fileobj=compressed, mode="rb") as unpacked:
            yield cast("BinaryIO", unpacked)


@contextmanager
def _rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as spool:
        shutil.copyfileobj(stream, spool)
        spool.seek(0)
        yield cast("BinaryIO", spool)


def _verify(compressed: BinaryIO, name: str) -> None:
    """Unpack everything once, so that a damaged file is refused before the first row is written."""
    size = 0
    try:
        with gzip.GzipFile(fileobj=compressed, mode="rb") as unpacked:
            while piece := unpacked.read(_CHUNK):
                size += len(piece)
    except (EOFError, OSError, zlib.error) as error:
        msg = f"{name} is a damaged or incomplete gzip file ({error}); fetch it again. Nothing was imported."
        raise AccessLogError(msg) from error
    if not size:
        msg = f"{name} holds nothing once unpacked; there is nothing to import."
        raise AccessLogError(msg)
    compressed.seek(0)


def read_lines(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines of a stream in lists, without line ends; an overlong line comes cut off at the limit."""
    carry = b""
    skipping = False
    first = True
    while chunk := stream.read(_CHUNK):
        if first:
            chunk = chunk.removeprefix(_BOM)
            first = False
        lines = chunk.split(b"\n")
        if skipping:
            if len(lines) == 1:
                continue
            del lines[0]
            skipping = False
        elif carry:
            lines[0] = carry + lines[0]
        carry = lines.pop()
        if len(carry) > LINE_LIMIT:
            lines.append(carry[: LINE_LIMIT + 1])
            carry, skipping = b"", True
        if lines:
            yield lines
    if carry:
        yield [carry]
