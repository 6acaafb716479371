"""Path patterns: a path in which ``*`` stands for any text."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_FORBIDDEN = re.compile(r"[\s?#\x00-\x1f\x7f]")


def validate_path_pattern(value: str) -> None:
    """Refuse a pattern that no path can match. Migrations name this function; it stays at this path.

    :raises ValidationError: the message says what to write instead.
    """
    if not value.startswith(("/", "*")):
        raise ValidationError(
            _("“%(value)s” does not begin with “/”; write a path such as “/thank-you” or “/shop/*/done”."),
            code="invalid_path_pattern",
            params={"value": value},
        )
    if _FORBIDDEN.search(value):
        raise ValidationError(
            _("“%(value)s” contains a space, “?” or “#”; paths are matched without query, e.g. “/search*”."),
            code="invalid_path_pattern",
            params={"value": value},
        )


def path_pattern_regex(pattern: str) -> str:
    """Return a regular expression, for Python and for every database, that matches what the pattern matches."""
    return "^" + ".*".join(re.escape(part) for part in re.split(r"\*+", pattern)) + "$"
