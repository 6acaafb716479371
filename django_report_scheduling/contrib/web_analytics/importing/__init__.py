"""Putting an access log into the traffic tables."""

from __future__ import annotations

from django_report_scheduling.contrib.web_analytics.importing.importer import import_access_log
from django_report_scheduling.contrib.web_analytics.importing.result import ImportResult, UnreadableLine

__all__ = ["ImportResult", "UnreadableLine", "import_access_log"]
