"""What the project has written into ``REPORT_SCHEDULING``, before anybody knows whether it makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from django_report_scheduling.conf import SETTINGS_NAME


def raw_setting() -> Any:
    """Return the setting as it is; an empty mapping when there is none."""
    given = getattr(settings, SETTINGS_NAME, None)
    return {} if given is None else given


def configured() -> Mapping[Any, Any]:
    """Return the keys that the project has set; none where the setting itself is no mapping."""
    given = raw_setting()
    return given if isinstance(given, Mapping) else {}


def named(key: str) -> str:
    """Return how a key is written in the project's settings."""
    return f'{SETTINGS_NAME}["{key}"]'


def shown(value: object) -> str:
    """Return a value as Python writes it, shortened so that a message stays readable."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
