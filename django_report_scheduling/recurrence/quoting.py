"""A user's own text inside an error message."""

from __future__ import annotations

LONGEST = 60


def shown(value: object) -> str:
    """The text of ``value``, cut when it is too long to help."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
