"""Keys of ``REPORT_SCHEDULING`` that nobody reads."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from django_report_scheduling.checks.configured import configured, named, raw_setting, shown
from django_report_scheduling.conf import KNOWN_SETTINGS, SETTINGS_NAME


def check_unknown_settings(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E001: the setting is not a mapping. E002: a key is not known."""
    given = raw_setting()
    keys = configured()
    if given and not keys:
        return [
            Error(
                f"{SETTINGS_NAME} must be a dict, got {type(given).__name__}.",
                hint=f'Write {SETTINGS_NAME} = {{"BASE_URL": "https://reports.example.com"}}, or leave it out.',
                id="report_scheduling.E001",
            )
        ]
    return [
        Error(f"{named(str(key))} is not a setting.", hint=_hint(str(key)), id="report_scheduling.E002")
        for key in keys
        if key not in KNOWN_SETTINGS
    ]


def _hint(key: str) -> str:
    close = difflib.get_close_matches(key.upper(), KNOWN_SETTINGS, n=1)
    if close:
        return f'Did you mean "{close[0]}"? Rename the key {shown(key)}.'
    return f"Remove it; known are: {', '.join(sorted(KNOWN_SETTINGS))}."
