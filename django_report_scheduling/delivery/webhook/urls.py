"""Which addresses may be a webhook's: one strict grammar, of which every parser must read the same host and port.

What RFC 3986 leaves open is refused here rather than interpreted, because two programs that interpret it differently
are how a check is passed for one host and a request sent to another.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from django_report_scheduling.delivery.webhook.host_names import checked_host, is_one_of
from django_report_scheduling.exceptions import InvalidWebhookUrl

HTTPS_PORT: Final = 443
MAX_LENGTH: Final = 2048

_CHARACTER: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_URL: Final = re.compile(
    r"https://(?P<host>[^/?#:@\[\]\\%\s]+)(?::(?P<port>[1-9][0-9]{0,4}))?"
    rf"(?P<path>(?:/{_CHARACTER}*)*)(?:\?(?P<query>(?:{_CHARACTER}|[/?])*))?"
)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class CheckedUrl:
    """An address that passed :func:`check_url`, in its parts.

    :param host: lower-case name in ASCII, internationalised labels as ``xn--``.
    :param target: path and query, as they go into the request.
    """

    host: str
    port: int
    target: str

    @property
    def text(self) -> str:
        """The normal form: what to store, to show and to compare."""
        return f"https://{self.authority}{self.target}"

    @property
    def authority(self) -> str:
        """Host and, unless it is 443, port: what the ``Host`` header says."""
        return self.host if self.port == HTTPS_PORT else f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        # Customers put tokens into paths and queries, and a repr ends up in logs.
        return f"CheckedUrl('https://{self.authority}/…')"


def check_url(
    url: str, *, allowed_ports: Collection[int] = (HTTPS_PORT,), own_hosts: Collection[str] = ()
) -> CheckedUrl:
    """Return the address in its normal form, or say why it may not be a webhook's.

    :param url: ``https://host/path?query``; the host may be internationalised.
    :param allowed_ports: the port must be among these.
    :param own_hosts: hosts of this installation, in the notation of ``ALLOWED_HOSTS``; all of them are refused.
    :raises InvalidWebhookUrl: with one message at ``url``.
    """
    if len(url) > MAX_LENGTH:
        raise refusal(_("An address may have at most %(max)d characters.") % {"max": MAX_LENGTH})
    match = _URL.fullmatch(url)
    if match is None:
        raise refusal(_reason(url))
    host = checked_host(match["host"])
    if is_one_of(host, own_hosts):
        raise refusal(_("%(host)s is this service itself.") % {"host": host})
    port = int(match["port"] or HTTPS_PORT)
    if port not in allowed_ports:
        ports = ", ".join(str(allowed) for allowed in sorted(allowed_ports))
        raise refusal(_("Port %(port)d is not allowed, only: %(ports)s.") % {"port": port, "ports": ports})
    query = match["query"]
    return CheckedUrl(host=host, port=port, target=(match["path"] or "/") + (f"?{query}" if query else ""))


def refusal(message: str) -> InvalidWebhookUrl:
    """Return the error for an address, to raise."""
    return InvalidWebhookUrl({"url": [message]})


def _reason(url: str) -> str:
    if not url.startswith("https://"):
        return _("A webhook's address must start with https:// in small letters.")
    authority = re.split(r"[/?#]", url[len("https://") :], maxsplit=1)[0]
    if "@" in authority:
        return _("The address must not hold a user name or a password.")
    if "[" in authority or "]" in authority:
        return _("The address must name a host, not an IP address.")
    if "#" in url:
        return _("The address must not have a fragment (#…), which is never sent.")
    return _("This is not a valid address. Write it as https://host/path, with %XX for special characters.")
