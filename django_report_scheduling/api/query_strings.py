"""The query string read as strictly as a body: nothing unknown, nothing twice, nothing endless."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from django_report_scheduling.api.errors import InvalidInput

MAX_QUERY: Final = 4096
"""Bytes of a query string."""


def require_readable(request: Request) -> None:
    """Make sure that the query string is one that may be looked into.

    :raises ParseError: it is longer than :data:`MAX_QUERY`, or holds a NUL.
    """
    if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY:
        raise ParseError(_("The query string may have %(limit)d bytes at most.") % {"limit": MAX_QUERY})
    if any("\0" in text for name, texts in request.query_params.lists() for text in (name, *texts)):
        raise ParseError(_("NUL is not allowed in a query string."))


def require_known(request: Request, known: Collection[str]) -> None:
    """Refuse what a list or an action does not know, so that a misspelt filter never shows everything.

    :raises InvalidInput: by parameter, for those that are unknown and those given more than once.
    """
    names = ", ".join(sorted(known)) or "–"
    errors = {
        name[:64]: [_("Unknown parameter; known are: %(names)s.") % {"names": names}]
        for name in request.query_params
        if name not in known
    }
    errors |= {
        name: [_("Give this parameter once.")]
        for name, texts in request.query_params.lists()
        if name in known and len(texts) > 1
    }
    if errors:
        raise InvalidInput(errors)
