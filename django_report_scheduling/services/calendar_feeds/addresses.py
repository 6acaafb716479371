"""The addresses of calendar feeds: signed, and checked again whenever somebody comes by one.

They are asked for by programs without a login, so whoever knows one reads the calendar until it is renewed or deleted.
They name a row and its nonce, and no person.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.core import signing
from django.urls import NoReverseMatch, reverse

from django_report_scheduling.access.roles import accounts_visible_to
from django_report_scheduling.conf import conf
from django_report_scheduling.models import CalendarFeed

SALT: Final = "report_scheduling.calendar"
URL_NAME: Final = "report_scheduling:calendar"
SEPARATOR: Final = "."
"""Between claim and signature; programs treat a colon in a path differently."""


def calendar_url(feed: CalendarFeed) -> str:
    """Return the absolute address of a feed, always the same; empty without ``BASE_URL`` or without our pages."""
    # Not signing.dumps(), which signs the time too, so that an address would look new whenever it is shown.
    token = _signer().sign_object({"f": feed.pk.hex, "n": feed.nonce.hex})
    return _absolute(token)


def has_addresses() -> bool:
    """Whether this site is set up so that feeds have an address."""
    return bool(_absolute("any"))


def resolve_calendar(token: str) -> CalendarFeed | None:
    """Return the feed of an address with its owner and account, or ``None`` when there is, or may be, none any more.

    The owner has to be active, and to see an active account at this moment: the feed's, or any where it is of all.
    """
    claim = _claim(token)
    if claim is None:
        return None
    feeds = CalendarFeed.objects.select_related("owner", "account").filter(owner__is_active=True)
    feed = feeds.filter(pk=claim[0], nonce=claim[1]).first()
    if feed is None:
        return None
    accounts = accounts_visible_to(feed.owner).filter(active=True)
    accounts = accounts if feed.account_id is None else accounts.filter(pk=feed.account_id)
    return feed if accounts.exists() else None


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=SEPARATOR)


def _absolute(token: str) -> str:
    if not conf.BASE_URL:
        return ""
    try:
        return conf.BASE_URL.rstrip("/") + reverse(URL_NAME, args=[token])
    except NoReverseMatch:
        return ""


def _claim(token: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    try:
        claim: Any = _signer().unsign_object(token)
        return uuid.UUID(hex=claim["f"]), uuid.UUID(hex=claim["n"])
    except (signing.BadSignature, KeyError, TypeError, ValueError, AttributeError):
        return None
