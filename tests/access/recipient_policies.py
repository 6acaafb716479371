"""Recipient policies as a host would write them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any


def nobody(account: Any, addresses: Collection[str]) -> set[str]:
    return set()


def too_many(account: Any, addresses: Collection[str]) -> set[str]:
    return {*addresses, "stranger@evil.example"}


def name_of_account(account: Any, addresses: Collection[str]) -> set[str]:
    return {address for address in addresses if address.startswith(account.slug)}


def broken(account: Any, addresses: Collection[str]) -> set[str]:
    msg = "the policy is broken"
    raise RuntimeError(msg)
