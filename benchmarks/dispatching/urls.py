"""Database URLs, read without Django: the process that only directs needs none."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for a ``postgres://user:password@host:port/name`` URL.

    :raises ValueError: it is no URL of a PostgreSQL database.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        msg = f"{_without_password(parts)} is no URL of a PostgreSQL database: postgres://user:password@host:5432/name"
        raise ValueError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


def with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _without_password(parts: SplitResult) -> str:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
