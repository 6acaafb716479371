"""The account as a report sees it: its name, its brand and how it writes numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountProfile:
    """A snapshot of an account, free of models.

    :param id: primary key, as text.
    :param locale: BCP 47 locale of texts, e.g. ``de-CH``.
    :param number_format: BCP 47 locale whose number and date format is used.
    :param accent_color: ``#rrggbb``.
    :param logo: bytes of a PNG or JPEG, or ``None``.
    """

    id: str
    slug: str
    name: str
    locale: str = "en"
    number_format: str = "en"
    accent_color: str = "#1f4e8c"
    logo: bytes | None = None
