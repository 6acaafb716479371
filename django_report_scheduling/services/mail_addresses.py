"""What counts as one mail address, and how it is written."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

MAX_LENGTH = 254
"""RFC 5321 §4.5.3.1.3 leaves 254 octets for an address in a path of 256."""

MAX_LOCAL_LENGTH = 64
"""RFC 5321 §4.5.3.1.1."""

_check = EmailValidator(allowlist=[])


def normalise_address(value: object) -> str:
    """Return the address with its domain in lower case and, where it is international, in Punycode.

    Exactly one plain address is accepted: no list, no display name, no quoted local part, no address literal, no
    host without a dot, nothing that could end a header line, and no domain that Punycode would turn into another one.

    :raises ValueError: with a message for people.
    """
    if not isinstance(value, str):
        raise ValueError(_("Enter a mail address as text."))  # noqa: TRY004  # one kind of error for the caller
    address = value.strip(" ")
    local, at, domain = address.rpartition("@")
    domain = _ascii_domain(domain)
    if len(address) > MAX_LENGTH or not _is_plain(local, domain) or not _is_valid(f"{local}{at}{domain}"):
        raise ValueError(_("“%(value)s” is not a single mail address like name@example.com.") % {"value": value[:80]})
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    """Return the domain in Punycode; empty where that would not lead back to what was typed (ß, full width, …)."""
    if domain.isascii():
        return domain.lower()
    try:
        encoded = domain[:MAX_LENGTH].encode("idna")
        same = encoded.decode("idna") == unicodedata.normalize("NFC", domain).lower()
    except UnicodeError:
        return ""
    return encoded.decode("ascii") if same else ""


def _is_plain(local: str, domain: str) -> bool:
    is_host_name = not domain.startswith("[") and not domain.rpartition(".")[2].isdigit()
    return is_host_name and local.isascii() and '"' not in local and len(local) <= MAX_LOCAL_LENGTH


def _is_valid(address: str) -> bool:
    if len(address) > MAX_LENGTH:
        return False
    try:
        _check(address)
    except ValidationError:
        return False
    return True
