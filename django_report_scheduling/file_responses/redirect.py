"""The way to a file that lies elsewhere, for one person and a short time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse

REDIRECT_HEADERS: Final[Mapping[str, str]] = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
"""A signed URL is a key: it is neither kept nor passed on."""


def redirect_to(url: str) -> HttpResponse:
    """Return a 302 to a URL of ours or of the storage.

    Django's own redirect refuses URLs over 2,048 characters, which a signature with temporary credentials can exceed.
    """
    return HttpResponse(status=302, headers={**REDIRECT_HEADERS, "Location": url})
