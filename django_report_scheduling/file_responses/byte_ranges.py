"""Which part of a file a request wants (RFC 9110 §14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SINGLE: Final = re.compile(r"bytes[ \t]*=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.ASCII | re.IGNORECASE)
"""One range. Several at once are ignored, as a server may: nobody reads a report in scattered pieces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ByteRange:
    """Consecutive bytes of a file of ``size`` bytes, both ends included."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes these are."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"


class UnsatisfiableRange(Exception):
    """The range is well formed, and none of its bytes is in the file."""


def requested_range(header: str, *, size: int) -> ByteRange | None:
    """Return the range that a ``Range`` header asks for, cut down to the file.

    :param size: bytes of the whole file.
    :returns: ``None`` when the header is to be ignored: it is empty, malformed, or in another unit.
    :raises UnsatisfiableRange: nothing of it is in the file (§14.1.2).
    """
    match = SINGLE.fullmatch(header.strip())
    if match is None:
        return None
    first, last = match.groups()
    if first:
        return _from(int(first), int(last) if last else None, size)
    return _suffix(int(last), size) if last else None


def _from(first: int, last: int | None, size: int) -> ByteRange | None:
    if last is not None and last < first:
        return None
    if first >= size:
        raise UnsatisfiableRange
    return ByteRange(first=first, last=size - 1 if last is None else min(last, size - 1), size=size)


def _suffix(length: int, size: int) -> ByteRange:
    if not length or not size:
        raise UnsatisfiableRange
    return ByteRange(first=max(0, size - length), last=size - 1, size=size)
