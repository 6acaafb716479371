"""The referrer field of a log line."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django_report_scheduling.contrib.web_analytics.access_log.decoding import decode

URL_LIMIT = 2000
HOST_LIMIT = 255


@dataclass(frozen=True, slots=True)
class ReferrerAddress:
    """What is kept of a referrer.

    :param host: in lower case, without “www.”, user name and port.
    :param url: scheme, host as sent, and path; no query, since those of other sites may carry anything.
    """

    host: str
    url: str


def parse_referrer(raw: bytes) -> ReferrerAddress | None:
    """Return the address of the referring page, or ``None`` when the field is empty or no address with a host."""
    try:
        parts = urlsplit(decode(raw, limit=URL_LIMIT).strip())
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if not host or not parts.scheme or len(host) > HOST_LIMIT:
        return None
    return ReferrerAddress(normalise_host(host), f"{parts.scheme}://{host}{parts.path}"[:URL_LIMIT])


def normalise_host(host: str) -> str:
    """Return the host as it is compared: lower case, without “www.”."""
    return host.strip().lower().removeprefix("www.")
