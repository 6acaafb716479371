"""Markers of tests that need an extra of the package; the tox environment ``no-extras`` has none."""

from __future__ import annotations

import pytest

from tests.extras_at_hand import CALENDAR, WEB_ANALYTICS, WEBHOOKS, XLSX

needs_xlsx = pytest.mark.skipif(not XLSX, reason="needs the extra [xlsx]")
needs_webhooks = pytest.mark.skipif(not WEBHOOKS, reason="needs the extra [webhooks]")
needs_calendar = pytest.mark.skipif(not CALENDAR, reason="needs the extra [calendar]")
needs_no_web_analytics = pytest.mark.skipif(WEB_ANALYTICS, reason="the extra [web-analytics] is installed")
