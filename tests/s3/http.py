"""Asking a server as a stranger does: without a library that signs, repeats or forgives."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    status: int
    headers: Message
    content: bytes


def get(url: str, **headers: str) -> Answer:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # our own servers
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310  # as above
            return Answer(status=response.status, headers=response.headers, content=response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(status=error.code, headers=error.headers, content=error.read())
