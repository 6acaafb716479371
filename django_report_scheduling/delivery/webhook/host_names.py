"""Which host names a webhook may go to: names of the public DNS, spelt so that nobody reads another host in them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from django.utils.translation import gettext as _

from django_report_scheduling.delivery.webhook.libraries import library
from django_report_scheduling.exceptions import InvalidWebhookUrl

_NOT_PUBLIC: Final = frozenset(
    {
        # RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476, and ICANN's reservation of .internal
        "localhost", "local", "test", "invalid", "onion", "alt", "internal",
        "arpa",  # home.arpa, and names that stand for addresses
        # never delegated because networks use them inside, see ICANN's name collision study
        "corp", "home", "mail", "lan", "intranet", "private", "localdomain",
        # clouds and container networks
        "consul", "cluster",
    }
)  # fmt: skip
"""Last labels of names that are not the public DNS's."""

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+(?P<last>[a-z]{{2,63}}|xn--[a-z0-9-]{{1,58}}[a-z0-9])")
"""Letters, digits and hyphens (RFC 1123), two labels or more, the last one no number: so no IPv4 address either."""


def checked_host(host: str) -> str:
    """Return the host's name in ASCII and small letters.

    :raises InvalidWebhookUrl: it is an address, a name without a dot, a name of some private network, or
        internationalised in a way that IDNA 2008 forbids or that shows other characters than it means.
    """
    name = _in_ascii(host)
    match = _NAME.fullmatch(name)
    if match is None:
        raise _refusal(
            _(
                "The address must name a host in the public DNS, like hooks.example.com: no IP address, no single "
                "word, no dot at the end."
            )
        )
    if match["last"] in _NOT_PUBLIC:
        raise _refusal(_("Names under .%(last)s are not part of the public DNS.") % {"last": match["last"]})
    return name


def is_one_of(host: str, patterns: Collection[str]) -> bool:
    """Whether a host is among these, written as in ``ALLOWED_HOSTS``: with a leading dot all below it as well.

    The pattern ``*`` matches nothing: it says nothing about which hosts are ours.
    """
    return any(
        host == pattern.lower().lstrip(".") or (pattern.startswith(".") and host.endswith(pattern.lower()))
        for pattern in patterns
    )


def _in_ascii(host: str) -> str:
    if host.isascii():
        name = host.lower()
        return _round_trip(name) if "xn--" in name else name
    idna = library("idna")
    try:
        # Full-width digits, soft hyphens, ligatures and the like would become something else than is shown.
        if idna.uts46_remap(host, std3_rules=True) != host:
            raise _not_idna()
        return str(idna.encode(host, strict=True).decode("ascii"))
    except idna.IDNAError as error:
        raise _not_idna() from error


def _round_trip(name: str) -> str:
    idna = library("idna")
    try:
        canonical = idna.encode(idna.decode(name, strict=True), strict=True).decode("ascii")
    except idna.IDNAError:
        canonical = ""
    if canonical != name:
        raise _not_idna()
    return name


def _not_idna() -> InvalidWebhookUrl:
    return _refusal(
        _("The host is not spelt as IDNA 2008 demands. Write it in plain small letters, or in its xn-- form.")
    )


def _refusal(message: str) -> InvalidWebhookUrl:
    return InvalidWebhookUrl({"url": [message]})
