"""Charts as vector graphics, drawn by ourselves."""

from __future__ import annotations

from django_report_scheduling.rendering.charts.drawing import draw

__all__ = ["draw"]
