"""Which addresses may receive an account's reports."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, cast

from django.utils.module_loading import import_string

from django_report_scheduling.access.roles import people_with_role
from django_report_scheduling.conf import conf

if TYPE_CHECKING:
    from django_report_scheduling.models import AbstractAccount

RecipientPolicy = Callable[["AbstractAccount", Collection[str]], set[str]]
"""Takes an account and addresses, returns those of them that may receive the account's reports."""


def default_recipient_policy(account: AbstractAccount, addresses: Collection[str]) -> set[str]:
    """Allow active users who hold a role on the account, and addresses at its allowed domains.

    Addresses are compared without regard to case, in ASCII alone: outside of it different letters have the same lower
    case. A domain stands for itself alone, not for its subdomains.
    """
    emails = people_with_role(account).values_list("email", flat=True)
    people = {email.lower() for email in emails if email and email.isascii()}
    endings = tuple(f"@{domain.lower()}" for domain in account.allowed_recipient_domains)
    return {address for address in addresses if address.lower() in people or address.lower().endswith(endings)}


def address_key(address: str) -> str:
    """Return the form in which all spellings of an address are the same: lower case, in ASCII alone, as above."""
    return address.lower() if address.isascii() else address


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are the same, as above."""
    return address_key(one) == address_key(other)


def allowed_recipients(account: AbstractAccount, addresses: Collection[str]) -> set[str]:
    """Ask the configured policy (``RECIPIENT_POLICY``) which of the addresses are allowed.

    :raises ImportError: the setting names nothing that can be imported; a system check reports this at start-up.
    """
    policy = cast("RecipientPolicy", import_string(conf.RECIPIENT_POLICY))
    return policy(account, addresses) & set(addresses) if addresses else set()
