"""The hosts of this installation: no customer's webhook leads to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from django_report_scheduling.conf import conf

STORAGE_OPTIONS: Final = ("endpoint_url", "custom_domain")
"""Where django-storages is told the host of a storage, as an option or as one of the ``AWS_S3_…`` settings."""


def own_hosts() -> frozenset[str]:
    """Return them in the notation of ``ALLOWED_HOSTS``."""
    return frozenset(host for host in _hosts() if host)


def _hosts() -> Iterator[str]:
    yield from settings.ALLOWED_HOSTS
    yield _host(conf.BASE_URL)
    storages: Mapping[str, Any] = settings.STORAGES
    options = storages.get(conf.STORAGE, {}).get("OPTIONS", {})
    for name in STORAGE_OPTIONS:
        yield _host(options.get(name) or getattr(settings, f"AWS_S3_{name.upper()}", ""))


def _host(address: str | None) -> str:
    text = address or ""
    return urlsplit(text if "//" in text else f"//{text}").hostname or ""
