"""Hashes of 64 bits that fit an integer column: keyed ones for what must stay secret, plain ones for content.

A keyed hash cannot be undone by trying every address, as a plain one could: IPv4 has only four billion of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.utils.crypto import salted_hmac

KEY_SETTING = "WEB_ANALYTICS_HASH_KEY"
_SALT = "django_report_scheduling.contrib.web_analytics"

Hash = Callable[[bytes], int]


def keyed_hash(purpose: str) -> Hash:
    """Return a keyed hash (BLAKE2b as a MAC) whose key is made for one purpose.

    The key is derived from ``settings.WEB_ANALYTICS_HASH_KEY``, or from ``SECRET_KEY`` where that is not set.
    """
    secret = getattr(settings, KEY_SETTING, None) or settings.SECRET_KEY
    key = salted_hmac(_SALT, purpose, secret=secret, algorithm="sha256").digest()
    return _hash_from(hashlib.blake2b(digest_size=8, key=key))


def content_hash(*parts: str) -> int:
    """Return the hash of texts that are stored in clear anyway."""
    return _hash_from(hashlib.blake2b(digest_size=8))("\0".join(parts).encode())


def _hash_from(base: hashlib.blake2b) -> Hash:
    start = base.copy
    to_integer = int.from_bytes

    def compute(data: bytes) -> int:
        state = start()
        state.update(data)
        return to_integer(state.digest(), "little", signed=True)

    return compute
