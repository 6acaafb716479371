"""Links for people without a login: signed, each for one thing alone, and without an address in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.urls import NoReverseMatch, reverse

from django_report_scheduling.conf import conf
from django_report_scheduling.models import RecipientConsent

UNSUBSCRIBE_SALT: Final = "report_scheduling.unsubscribe"
CONFIRM_SALT: Final = "report_scheduling.confirm"
CONFIRM_LIFE: Final = dt.timedelta(hours=72)
"""How long a confirmation link works."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmationClaim:
    """What a confirmation link stands for: one row, as long as it was not asked anew or has not answered."""

    consent_id: UUID
    nonce: str


def unsubscribe_url(consent: RecipientConsent) -> str:
    """Return the absolute link that ends the mails, for ever; empty without ``BASE_URL`` or without our URLs."""
    return _url("unsubscribe", signing.dumps(str(consent.pk), salt=UNSUBSCRIBE_SALT))


def confirmation_url(consent: RecipientConsent) -> str:
    """Return the absolute link that begins them, good once and for ``CONFIRM_LIFE``; empty as above."""
    return _url("confirm", signing.dumps([str(consent.pk), consent.nonce], salt=CONFIRM_SALT))


def unsubscribing(token: str) -> UUID | None:
    """Return the key of the row that a link ends, ``None`` where it was not made by us."""
    return _key(_loads(token, salt=UNSUBSCRIBE_SALT))


def confirming(token: str) -> ConfirmationClaim | None:
    """Return what a link confirms, ``None`` where it was not made by us or is too old."""
    match _loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_LIFE):
        case [str(key), str(nonce)] if nonce and (consent_id := _key(key)):
            return ConfirmationClaim(consent_id=consent_id, nonce=nonce)
    return None


def _url(name: str, token: str) -> str:
    if not conf.BASE_URL:
        return ""
    try:
        return conf.BASE_URL.rstrip("/") + reverse(f"report_scheduling:{name}", args=[token])
    except NoReverseMatch:
        return ""


def _loads(token: str, *, salt: str, max_age: dt.timedelta | None = None) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None


def _key(value: Any) -> UUID | None:
    try:
        return UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None
