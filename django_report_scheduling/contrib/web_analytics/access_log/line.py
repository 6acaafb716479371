"""One line of an access log in Common or Combined Log Format, as Apache and nginx write them."""

from __future__ import annotations

import re
from typing import NewType, cast

LineFields = NewType("LineFields", tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes | None, bytes | None])
"""Client, minute, second, UTC offset, request, status, size, referrer, user agent; the last two only in Combined."""

_HEAD = rb"^(\S+) \S+ (?>.*?\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):(\d\d) ([+-]\d{4})\] )"
_QUOTED = rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_CUT_OFF = rb'((?:[^"\\]|\\.)*+)'

_STRICT = re.compile(_HEAD + _QUOTED + rb" ([1-9]\d\d) (\d+|-)(?:\s*$| " + _QUOTED + rb" " + _QUOTED + rb"(?=\s|$))")
"""Quotes inside fields are escaped, as both servers do. Anything may follow, as in formats that append fields."""

_LENIENT = re.compile(
    _HEAD + rb'"(.*?)" ([1-9]\d\d) (\d+|-)(?=\s|$)(?: "' + _CUT_OFF + rb'(?:" "' + _CUT_OFF + rb")?)?", re.DOTALL
)
"""For what the strict form refuses: bare quotes in the request, and a line cut off within its last fields."""


def parse_line(line: bytes) -> LineFields | None:
    """Return the fields of a line without its line end, or ``None`` when it is not in either format."""
    match = _STRICT.match(line) or _LENIENT.match(line)
    return None if match is None else cast("LineFields", match.groups())
