"""What a PDF may take in from outside: nothing.

The one exception is the logo, which we encoded ourselves and which is compared to the byte. Imported only where
WeasyPrint is.
"""

from __future__ import annotations

import base64
import logging
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from weasyprint.urls import URLFetcher, URLFetcherResponse

logger = logging.getLogger("django_report_scheduling.rendering")

LINK_SCHEMES: Final = frozenset({"https", "mailto"})
_LINKS: Final = frozenset({"a", "area"})
_RESOURCES: Final = frozenset({"src", "data", "poster", "srcset", "background"})


class ResourceRefusedError(ValueError):
    """The document asked for something outside of itself."""


class NothingFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Refuses every URL but the embedded ones.

    :ivar embedded: the ``data:`` URIs that we made for the document that is being rendered.
    :ivar refused: how many fetches were refused so far in this process.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.embedded: frozenset[str] = frozenset()
        self.refused = 0

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - signature of the base
        """Return an embedded image.

        :raises ResourceRefusedError: it is anything else.
        """
        if url in self.embedded:
            head, _, body = url.partition(";base64,")
            return URLFetcherResponse(url, base64.b64decode(body), {"Content-Type": head.removeprefix("data:")})
        self.refused += 1
        logger.warning("A document asked for %s; refused, as documents may not fetch anything.", described(url))
        msg = "documents may not fetch anything"
        raise ResourceRefusedError(msg)


def described(url: str) -> str:
    """Return scheme and host of a URL: enough to find who asks, without what may be secret in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "a malformed URL"
    return f"{parts.scheme[:20] or 'a relative URL'}:{'//' + host[:100] if host else ''}"


def drop_references(root: Element, embedded: frozenset[str]) -> int:
    """Remove whatever points out of a parsed page, and return how many references that were.

    Links stay when they lead to ``https:``, ``mailto:`` or within the page; images when we embedded them.
    """
    dropped = 0
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in list(element.attrib.items()):
            if _is_refused(element.tag, name.rpartition("}")[2].lower(), value.strip(), embedded):
                del element.attrib[name]
                dropped += 1
    return dropped


def _is_refused(tag: str, attribute: str, value: str, embedded: frozenset[str]) -> bool:
    if attribute == "href":
        if value.startswith("#"):
            return False
        return tag not in _LINKS or value.partition(":")[0].lower() not in LINK_SCHEMES
    return attribute in _RESOURCES and value not in embedded
