"""Everything that a document's template may use: plain values, nothing with a database behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.utils.safestring import SafeString

from django_report_scheduling.rendering.base import Document
from django_report_scheduling.rendering.colors import Palette, palette
from django_report_scheduling.rendering.formatting import Formatter, dates
from django_report_scheduling.rendering.layout.blocks import block_view
from django_report_scheduling.rendering.layout.columns import Density
from django_report_scheduling.rendering.layout.views import ChartView, TableView
from django_report_scheduling.rendering.locales import language_tag, writing_direction
from django_report_scheduling.rendering.logo import logo_uri
from django_report_scheduling.rendering.text import printable
from django_report_scheduling.reports import AccountProfile, Table

PAGE_NUMBER: Final = SafeString('<span class="page-number"></span>')
PAGE_COUNT: Final = SafeString('<span class="page-count"></span>')
"""Filled in by the stylesheet, hence usable inside a translated phrase."""


def formatter_for(document: Document) -> Formatter:
    """Return the formatter of a document: its account's locale, its period's zone."""
    account = document.account
    zone = document.period.start.tzinfo or dt.UTC
    return Formatter(locale=account.locale, number_format=account.number_format, zone=zone)


def document_context(document: Document, formatter: Formatter) -> Mapping[str, Any]:
    """Return the context of the document's template.

    What the report type puts into ``ReportContent.context`` is at the top, too; our own names win over it.
    """
    account = document.account
    colors = palette(account.accent_color)
    direction = writing_direction(account.locale)
    blocks = [block for block in document.content.blocks if not isinstance(block, Table) or block.on_page]
    views = [block_view(block, formatter, colors, mirrored=direction == "rtl") for block in blocks]
    generated = document.generated_at.astimezone(formatter.zone)
    return {
        **document.content.context,
        "language": language_tag(account.locale),
        "direction": direction,
        "report_type": document.report_type,
        "title": printable(document.title),
        "account": _account(account, colors),
        "period": {
            "text": formatter.period(document.period),
            "start": document.period.start,
            "end": document.period.end,
        },
        "generated_at": document.generated_at,
        "generated_text": f"{formatter.value(generated)} ({dates.zone_text(generated)})",
        "created": document.generated_at.isoformat(timespec="seconds"),
        "parameters": dict(document.parameters),
        "metrics": dict(document.content.metrics),
        "preview": document.preview,
        "page_number": PAGE_NUMBER,
        "page_count": PAGE_COUNT,
        "blocks": views,
        "opens_wide": isinstance(views[0], TableView) and views[0].css_class == Density.WIDE if views else False,
        "charts": {view.key: view for view in views if isinstance(view, ChartView)},
        "tables": {view.key: view for view in views if isinstance(view, TableView)},
    }


def _account(account: AccountProfile, colors: Palette) -> Mapping[str, Any]:
    return {
        "id": account.id,
        "slug": account.slug,
        "name": printable(account.name),
        "logo": logo_uri(account),
        "accent": colors.accent,
        "accent_text": colors.accent_text,
    }
