"""A document as one HTML page."""

from __future__ import annotations

from typing import Final

from django.utils import translation
from django.utils.safestring import mark_safe

from django_report_scheduling.rendering.base import Document
from django_report_scheduling.rendering.formatting import use_formatter
from django_report_scheduling.rendering.layout.context import document_context, formatter_for
from django_report_scheduling.rendering.layout.templates import render_template
from django_report_scheduling.rendering.locales import translation_language

BUILT_IN_TEMPLATE: Final = "report_scheduling/rendering/document.html"


def page_html(document: Document, *, stylesheet: str = "") -> str:
    """Return the document as HTML, in the account's language.

    :param stylesheet: CSS to carry inside the page, for a file that must stand alone.
    :raises RenderError: the template is missing or fails.
    """
    formatter = formatter_for(document)
    with translation.override(translation_language(document.account.locale)), use_formatter(formatter):
        context = dict(document_context(document, formatter))
        context["stylesheet"] = mark_safe(stylesheet)  # noqa: S308 - our own file, no value of a report is in it
        return render_template(document.template or BUILT_IN_TEMPLATE, context)
