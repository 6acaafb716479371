"""A piece of an unreadable line that may be shown: no address, no query, no control character."""

from __future__ import annotations

import re

from django_report_scheduling.contrib.web_analytics.access_log.decoding import decode

EXCERPT_LENGTH = 80

_FIRST_WORD = re.compile(r"^\s*\S+")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:[.\-]\d{1,3}){3}(?![\d.])")
_IPV6 = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}(?![0-9A-Za-z])")
_MAIL = re.compile(r"[^\s@\"<>]+@[^\s@\"<>]+")
_QUERY = re.compile(r"\?[^\s\"]*")


def safe_excerpt(line: bytes) -> str:
    """Return the beginning of a line with its first word, everything like an address, and queries masked."""
    text = decode(line[:2000], limit=1000)
    for pattern in (_MAIL, _IPV4, _IPV6):
        text = pattern.sub("…", text)
    text = _FIRST_WORD.sub("…", _QUERY.sub("?…", text))
    return text if len(text) <= EXCERPT_LENGTH else text[: EXCERPT_LENGTH - 1] + "…"
