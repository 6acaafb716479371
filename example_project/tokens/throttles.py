"""How often somebody may try to log in: by account name, and by the address that really connects."""

from __future__ import annotations

import hashlib
import ipaddress
import time
import unicodedata
from typing import Final

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

WINDOW_SECONDS: Final = 60
IPV6_PREFIX: Final = 64
"""Bits; whoever has one IPv6 address has all the others of its network."""


class LoginThrottle(BaseThrottle):
    """Counts tries per minute in the cache; parallel tries count one by one wherever the cache can increment.

    With a cache of its own per process (local memory) every process counts for itself.
    """

    most: int
    """Tries per minute."""

    def subject(self, request: Request) -> str:
        """Return what is counted; empty for what needs no counting."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  # the framework's signature
        """Count this try, and say whether it is one too many."""
        subject = self.subject(request)
        if not subject:
            return True
        key = f"{type(self).__name__}:{_digest(subject)}:{int(time.time() // WINDOW_SECONDS)}"
        cache.add(key, 0, timeout=WINDOW_SECONDS)
        try:
            return int(cache.incr(key)) <= self.most
        except ValueError:  # dropped from the cache between the two
            return True

    def wait(self) -> float:
        """Return the seconds until counting begins anew (``Retry-After``)."""
        return WINDOW_SECONDS - time.time() % WINDOW_SECONDS


class AddressThrottle(LoginThrottle):
    """By address: of ``X-Forwarded-For`` only what ``NUM_PROXIES`` trusted proxies have written there.

    Where the setting is missing the framework would believe all of it; this believes none.
    """

    most = 60

    def subject(self, request: Request) -> str:
        """Return the address, or its network where addresses cost nothing."""
        address = str(self.get_ident(request) if api_settings.NUM_PROXIES else request.META.get("REMOTE_ADDR", ""))
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address
        if isinstance(parsed, ipaddress.IPv4Address):
            return address
        # A server that listens on both families sees IPv4 clients as ::ffff:192.0.2.1, all of them in one network.
        return str(parsed.ipv4_mapped or ipaddress.ip_network((address, IPV6_PREFIX), strict=False))


class NameThrottle(LoginThrottle):
    """By account name, known or not, however it is spelt."""

    most = 10

    def subject(self, request: Request) -> str:
        """Return the name as the most forgiving database would compare it."""
        data = request.data
        name = data.get("username") if hasattr(data, "get") else None
        return counted_name(name) if isinstance(name, str) else ""


def counted_name(name: str) -> str:
    """Return what all spellings have in common that count, and log in, as one name."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _digest(subject: str) -> str:
    return hashlib.sha256(subject.encode("utf-8", "replace")).hexdigest()
