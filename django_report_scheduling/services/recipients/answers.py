"""What people answer, and what mail servers answer for them."""

from __future__ import annotations

import datetime as dt

from django.db import router, transaction

from django_report_scheduling.access.recipients import address_key
from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.recipients.links import confirming, unsubscribing


def confirmation_of(token: str) -> RecipientConsent | None:
    """Return the row, with its account, that a confirmation link would confirm; nothing is changed.

    :returns: ``None`` for a link that is forged, older than 72 hours, used, or followed by a newer one.
    """
    claim = confirming(token)
    if claim is None:
        return None
    rows = RecipientConsent.objects.fresh().select_related("account")
    return rows.filter(pk=claim.consent_id, nonce=claim.nonce, account__active=True).first()


def confirm(*, token: str, now: dt.datetime) -> RecipientConsent | None:
    """Let the person who follows a confirmation link have the account's reports. It works once.

    :returns: the row, with its account; ``None`` as :func:`confirmation_of`.
    """
    consent = confirmation_of(token)
    if consent is None:
        return None
    asked = RecipientConsent.objects.filter(pk=consent.pk, nonce=consent.nonce)
    with transaction.atomic(using=router.db_for_write(RecipientConsent)):
        if not asked.update(state=ConsentState.CONFIRMED, nonce="", confirmed_at=now, updated_at=now):
            return None
        record("recipient.confirmed", consent, at=now)
    return consent


def subscription_of(token: str) -> RecipientConsent | None:
    """Return the row, with its account, that the link of a mail would unsubscribe; ``None`` for a forged one."""
    consent_id = unsubscribing(token)
    if consent_id is None:
        return None
    return RecipientConsent.objects.fresh().select_related("account").filter(pk=consent_id).first()


def unsubscribe(*, token: str, now: dt.datetime) -> RecipientConsent | None:
    """Send nothing more of the account to the person who follows the link of a mail; doing it twice changes nothing.

    :returns: the row, with its account; ``None`` for a forged link.
    """
    consent = subscription_of(token)
    if consent is not None:
        suppress(consent, ConsentState.UNSUBSCRIBED, now=now)
    return consent


def subscribe_again(*, token: str, now: dt.datetime) -> RecipientConsent | None:
    """Take an unsubscription back for the person who made it, by the same link.

    It gives back what they had and nothing more: who was never asked, and is not allowed by the policy any more, has
    not agreed by this to what somebody else has to ask for.

    :returns: the row, with its account; ``None`` for a forged link, or where they have not unsubscribed.
    """
    consent = subscription_of(token)
    if consent is None:
        return None
    left = RecipientConsent.objects.filter(pk=consent.pk, state=ConsentState.UNSUBSCRIBED)
    before = ConsentState.UNASKED if consent.confirmed_at is None else ConsentState.CONFIRMED
    with transaction.atomic(using=router.db_for_write(RecipientConsent)):
        if not left.update(state=before, nonce="", updated_at=now):
            return None
        record("recipient.returned", consent, at=now)
    return consent


def suppress(consent: RecipientConsent, state: ConsentState, *, now: dt.datetime) -> None:
    """Let nothing more go to an address: links to confirm that are still out no longer work.

    :param state: one of ``SUPPRESSED_STATES``.
    """
    rows = RecipientConsent.objects.filter(pk=consent.pk).exclude(state=state, nonce="")
    with transaction.atomic(using=router.db_for_write(RecipientConsent)):
        if rows.update(state=state, nonce="", updated_at=now):
            record(f"recipient.{state.value}", consent, at=now)


def suppress_everywhere(*, address: str, state: ConsentState, now: dt.datetime) -> int:
    """Let nothing more go to an address from any account that has written to it.

    For what mail services tell afterwards (bounces, complaints, unsubscriptions of their own): it is about the mailbox,
    and they know no accounts.

    :param state: one of ``SUPPRESSED_STATES``.
    :returns: the number of accounts that have written to it.
    """
    consents = list(RecipientConsent.objects.fresh().filter(key=address_key(address)))
    for consent in consents:
        suppress(consent, state, now=now)
    return len(consents)
