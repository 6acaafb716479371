"""Bytes of a log as text that every database takes and every terminal may show."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def decode(raw: bytes, *, limit: int) -> str:
    """Return at most ``limit`` characters; what is not UTF-8 and control characters become ``�``."""
    return _CONTROL.sub("�", raw[: limit * 4].decode("utf-8", "replace"))[:limit]
