"""System checks of the app."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

LIBRARIES = {"ua_parser": "ua-parser", "crawleruseragents": "crawler-user-agents"}


def check_libraries(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Report each library of the extra ``web-analytics`` that is not installed."""
    return [
        Error(
            f"The library {distribution} is not installed; without it no user agent can be told from a bot.",
            hint='Install the extra: pip install "django-report-scheduling[web-analytics]".',
            id="web_analytics.E001",
        )
        for module, distribution in LIBRARIES.items()
        if importlib.util.find_spec(module) is None
    ]
