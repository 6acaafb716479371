"""Which optional parts are at hand; the settings of the test hosts follow it, so no pytest here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

EXAMPLE_FOLDER: Final = Path(__file__).resolve().parent.parent / "example_project"

XLSX: Final = find_spec("xlsxwriter") is not None
WEB_ANALYTICS: Final = all(find_spec(module) is not None for module in ("ua_parser", "crawleruseragents"))
WEBHOOKS: Final = all(
    find_spec(module) is not None for module in ("certifi", "cryptography", "dns", "httpcore2", "idna")
)
CALENDAR: Final = find_spec("icalendar") is not None
EXAMPLE_TOKENS: Final = (EXAMPLE_FOLDER / "tokens").is_dir() and find_spec("rest_framework_simplejwt") is not None
"""The example's app for logging in to the API; beside a built wheel there is none."""

SILENCED_SYSTEM_CHECKS: Final = [
    *([] if XLSX else ["report_scheduling.W102"]),
    *([] if WEBHOOKS else ["report_scheduling.W008"]),
]
"""RENDERERS has ``xlsx`` by default, and the test hosts have ``SECRET_KEYS``: a host without those extras is warned
unless it says that it does not mind."""
