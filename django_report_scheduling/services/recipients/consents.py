"""What is known of the person at an address, by account and address."""

from __future__ import annotations

from typing import Any

from django_report_scheduling.access.recipients import address_key
from django_report_scheduling.models import RecipientConsent


def consent_of(account_id: Any, address: str) -> RecipientConsent:
    """Return the row of an address, made where there is none; it says nothing until somebody does."""
    row, _made = RecipientConsent.objects.fresh().get_or_create(
        account_id=account_id, key=address_key(address), defaults={"address": address}
    )
    return row


def known_consent(account_id: Any, address: str) -> RecipientConsent | None:
    """Return the row of an address, ``None`` where there is none."""
    rows = RecipientConsent.objects.fresh()
    return rows.filter(account_id=account_id, key=address_key(address)).first()
