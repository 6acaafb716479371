"""The page: what the blocks of a document look like in HTML, on paper and on screen."""

from __future__ import annotations

from django_report_scheduling.rendering.layout.page import page_html

__all__ = ["page_html"]
