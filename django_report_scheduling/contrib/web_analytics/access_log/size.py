"""The size of an answer, as a log line tells it."""

from __future__ import annotations

SIZE_LIMIT = 2**50
"""No answer is as long as this, a pebibyte. Sums of sizes must fit into 63 bits: SQLite refuses to go beyond."""

_DIGITS = len(str(SIZE_LIMIT))


def read_size(text: bytes) -> int | None:
    """Return the bytes sent, 0 for ``-``, or ``None`` when no answer can be that long.

    :param text: digits, or ``-``.
    """
    if text == b"-":
        return 0
    if len(text) > _DIGITS:
        return None
    size = int(text)
    return size if size < SIZE_LIMIT else None
