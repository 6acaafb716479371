"""What must be true of the signing keys before anybody logs in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from tokens.conf import token_settings

MIN_KEY_BYTES = 32
"""HS256 wants a key at least as long as its hash (RFC 7518 §3.2)."""


def check_settings(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Report a key that is missing, short, or used for something else as well."""
    del app_configs
    keys = token_settings().signing_keys
    found: list[CheckMessage] = []
    if not keys or any(len(key.encode()) < MIN_KEY_BYTES for key in keys):
        found.append(
            Error(
                f"TOKENS['SIGNING_KEYS'] needs keys of at least {MIN_KEY_BYTES} bytes.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
                id="tokens.E001",
            )
        )
    if {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS}.intersection(keys):
        found.append(
            Error(
                "TOKENS['SIGNING_KEYS'] names the SECRET_KEY: whoever learns the one could then forge the other.",
                hint="Use a key of its own.",
                id="tokens.E002",
            )
        )
    return found
