"""Every endpoint of the API and every method it answers, read from its URLs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from django_report_scheduling.api import urls
from tests.extras_at_hand import CALENDAR, WEBHOOKS

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FOLLOWING = frozenset({"HEAD", "OPTIONS"})
"""Methods that an endpoint has without saying so."""


@dataclass(frozen=True)
class Endpoint:
    """One URL pattern. ``path`` has ``{id}`` wherever the id of a row stands, and no trailing slash."""

    name: str
    path: str
    methods: frozenset[str]
    """Those that its view implements, without the :data:`FOLLOWING` ones."""

    def __str__(self) -> str:
        return self.name

    @property
    def is_detail(self) -> bool:
        return "{id}" in self.path

    def paths(self, row_id: object = "") -> tuple[str, str]:
        """Both spellings of its path."""
        path = self.path.replace("{id}", str(row_id))
        return path, f"{path}/"


def at_hand(name: str) -> bool:
    """Whether what an endpoint needs is installed; without it the answer is 409, which has a test of its own."""
    return (WEBHOOKS or not name.startswith("webhook-")) and (CALENDAR or not name.startswith("calendar-feed-"))


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from _patterns(part)
        else:
            yield part


def _api() -> URLResolver:
    (resolver,) = (part for part in get_resolver().url_patterns if getattr(part, "urlconf_name", None) is urls)
    return resolver


def _endpoint(pattern: URLPattern) -> Endpoint:
    arguments = dict.fromkeys(pattern.pattern.regex.groupindex, "0")
    path = reverse(f"{urls.app_name}:{pattern.name}", kwargs=arguments).rstrip("/")
    methods = _methods(pattern.callback) - FOLLOWING
    return Endpoint(name=str(pattern.name), path=path.replace("/0", "/{id}") if arguments else path, methods=methods)


def _methods(callback: Any) -> frozenset[str]:
    """Read them from a view; a plain function does not tell."""
    if hasattr(callback, "actions"):
        return frozenset(name.upper() for name in callback.actions)
    view = getattr(callback, "cls", None)
    return frozenset(name.upper() for name in view.http_method_names if hasattr(view, name)) if view else frozenset()


PATTERNS = tuple(_patterns(_api()))
ENDPOINTS = {
    pattern.name: _endpoint(pattern)
    for pattern in PATTERNS
    if hasattr(pattern.callback, "cls") and at_hand(str(pattern.name))
}
SIGNED = {
    pattern.callback: _endpoint(pattern)
    for pattern in PATTERNS
    if pattern.name and not hasattr(pattern.callback, "cls")
}
"""By view, the endpoints whose address is itself the permission; each has a test of its own."""
