"""Numbers, dates and periods in the words and signs of an account's locale."""

from __future__ import annotations

from django_report_scheduling.rendering.formatting.active import active_formatter, use_formatter
from django_report_scheduling.rendering.formatting.change import Change, Direction
from django_report_scheduling.rendering.formatting.formatter import NOT_AVAILABLE, Formatter

__all__ = ["NOT_AVAILABLE", "Change", "Direction", "Formatter", "active_formatter", "use_formatter"]
