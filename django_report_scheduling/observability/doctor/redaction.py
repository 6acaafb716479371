"""Keeping secrets out of what the doctor says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from django.conf import settings

from django_report_scheduling.conf import host_setting

HIDDEN: Final = "***"

_SECRET_NAME: Final = re.compile(r"key|secret|pass|token|signature", re.IGNORECASE)
_USER_INFO: Final = re.compile(r"://[^/\s@]*@")
_PASSWORD_IN_URL: Final = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
_SHORTEST = 4


def redacted(text: str) -> str:
    """Return the text without the passwords and keys of the settings, and without the user part of any URL."""
    text = _USER_INFO.sub(f"://{HIDDEN}@", text)
    for secret in sorted(set(_secrets()), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def without_user(url: str) -> str:
    """Return a URL without user name and password."""
    return _USER_INFO.sub("://", url)


def _secrets() -> Iterator[str]:
    for name in dir(settings):
        if name.isupper():
            yield from _secrets_in(name, host_setting(name))


def _secrets_in(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets_in(str(key), inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _secrets_in(name, inner)
    elif isinstance(value, str):
        if _SECRET_NAME.search(name) and len(value) >= _SHORTEST:
            yield value
        for password in _PASSWORD_IN_URL.findall(value):
            yield from {password, unquote(password)}
