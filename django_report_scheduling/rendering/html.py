"""One HTML file that needs nothing else."""

from __future__ import annotations

from typing import BinaryIO

from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.layout import page_html
from django_report_scheduling.rendering.theme import screen_stylesheet


class HtmlRenderer(Renderer):
    """The layout of the PDF for screens: style and pictures inside, no scripts, nothing fetched."""

    extension = "html"
    content_type = "text/html; charset=utf-8"

    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the document as HTML."""
        output.write(page_html(document, stylesheet=screen_stylesheet()).encode("utf-8", errors="replace"))
