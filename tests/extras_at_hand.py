"""Which optional extras of the package are installed; the settings of the test hosts follow it, so no pytest here."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

XLSX: Final = find_spec("xlsxwriter") is not None
WEB_ANALYTICS: Final = all(find_spec(module) is not None for module in ("ua_parser", "crawleruseragents"))

SILENCED_SYSTEM_CHECKS: Final = [] if XLSX else ["report_scheduling.W102"]
"""RENDERERS has ``xlsx`` by default, so a host without that extra is warned unless it says that it does not mind."""
