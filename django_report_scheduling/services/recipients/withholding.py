"""Whether an address may receive an account's reports, and whether the person there may still be asked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django_report_scheduling.access.recipients import allowed_recipients
from django_report_scheduling.choices import ConsentState
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AbstractAccount, Delivery
from django_report_scheduling.services.recipients.consents import known_consent

CONFIRM: Final = "confirm"
SUPPRESSED: Final = {
    ConsentState.UNSUBSCRIBED: "The recipient has unsubscribed.",
    ConsentState.BOUNCED: "The mail server of the recipient has said that there is no such mailbox.",
    ConsentState.COMPLAINED: "The recipient has reported such a mail as spam.",
}
"""Why nothing goes to an address that is suppressed."""


def asks_external_recipients() -> bool:
    """Whether addresses that the policy does not allow may receive reports once the person there has agreed."""
    return conf.EXTERNAL_RECIPIENTS == CONFIRM


def external_recipients(account: AbstractAccount, addresses: Collection[str]) -> list[str]:
    """Return the addresses that the policy does not allow, in their order; it is the host's, and may take a while."""
    allowed = allowed_recipients(account, addresses)
    return [address for address in addresses if address not in allowed]


def reason_against_address(account: AbstractAccount, address: str) -> str:
    """Return why an address must not receive reports of the account now, or an empty text."""
    consent = known_consent(account.pk, address)
    state = ConsentState(consent.state) if consent else ConsentState.UNASKED
    if state in SUPPRESSED:
        return SUPPRESSED[state]
    if not external_recipients(account, [address]):
        return ""
    if not asks_external_recipients():
        return "The recipient policy of the account does not allow this recipient."
    return "" if state == ConsentState.CONFIRMED else "The recipient has not confirmed that they want these reports."


def reason_against_asking(delivery: Delivery) -> str:
    """Return why somebody must not be asked now whether they want reports, or an empty text."""
    consent = delivery.consent
    assert consent is not None  # noqa: S101  # a constraint of the database
    if not consent.account.active:
        return "The account is inactive."
    return "" if consent.nonce else "The recipient has answered."
