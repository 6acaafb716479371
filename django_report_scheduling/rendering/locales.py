"""From the locale names of an account to the CLDR data of Babel and the languages of Django."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError
from django.conf import settings


@cache
def parse_locale(name: str) -> Locale:
    """Return the locale of a BCP 47 name; of its language where the region is unknown; English otherwise.

    A report with English number formats is better than no report, and the account model refuses unknown names.
    """
    tag = name.replace("_", "-")
    for candidate in (tag, tag.partition("-")[0]):
        try:
            return Locale.parse(candidate, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse("en")


def writing_direction(name: str) -> str:
    """Return ``rtl`` for Arabic, Hebrew and the like, ``ltr`` otherwise."""
    return str(parse_locale(name).text_direction)


def language_tag(name: str) -> str:
    """Return the well-formed BCP 47 tag that a document states as its language."""
    return str(parse_locale(name)).replace("_", "-")


def translation_language(name: str) -> str:
    """Return the language to activate in Django, or its default one for a locale that Babel does not know."""
    tag = name.replace("_", "-").lower()
    return tag if parse_locale(name).language == tag.partition("-")[0] else str(settings.LANGUAGE_CODE)
