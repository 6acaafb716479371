"""What the pages for people without a login have in common: no script, and nothing that is kept or passed on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation

from django_report_scheduling.models import AbstractAccount
from django_report_scheduling.rendering.locales import language_tag, translation_language, writing_direction

STYLE: Final = "report_scheduling/pages.css"
HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""The address is a key: it is neither kept, nor passed on, nor framed by others."""


def page(
    request: HttpRequest, template: str, *, account: AbstractAccount | None, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page in the language of the account, or of the request where it is about none.

    :param template: its name below ``report_scheduling/pages``; a host may have one of its own of the same name.
    """
    locale = account.locale if account else translation.get_language() or "en"
    style = static(STYLE)
    with translation.override(translation_language(locale) if account else locale):
        content = render_to_string(
            f"report_scheduling/pages/{template}",
            {
                "account": account,
                "language": language_tag(locale),
                "direction": writing_direction(locale),
                "style": style,
                **context,
            },
            request=request,
        )
    return HttpResponse(content, status=status, headers={**HEADERS, "Content-Security-Policy": _policy(style)})


def no_longer_valid(request: HttpRequest) -> HttpResponse:
    """Return the one answer to every link that is forged, used, too old, or whose reader may no longer see anything."""
    return page(request, "no_longer_valid.html", account=None, status=404)


def _policy(style: str) -> str:
    parts = urlsplit(style)
    host = f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc
    styles = f"'self' {host}".strip()
    return f"default-src 'none'; style-src {styles}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
