"""The request field of a log line, e.g. ``GET /shop?utm_source=mail HTTP/1.1``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from django_report_scheduling.contrib.web_analytics.access_log.decoding import decode

PATH_LIMIT = 2000
CAMPAIGN_LIMIT = 200
_QUERY_LIMIT = 4096

_METHOD = re.compile(rb"[A-Z][A-Z_-]{0,31}")
_PROTOCOL = re.compile(rb"HTTP/\d(?:\.\d)?")
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]{0,31}://[^/?#]*")

ASSET_EXTENSIONS = frozenset(
    {"avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"}
    | {"css", "js", "json", "map", "mjs", "wasm"}
    | {"eot", "otf", "ttf", "woff", "woff2"}
    | {"aac", "avi", "flac", "flv", "m4a", "m4v", "mov", "mp3", "mp4", "mpeg", "mpg", "oga", "ogg", "ogv", "swf"}
    | {"wav", "webm", "wmv"}
    | {"atom", "rdf", "rss", "webmanifest", "xml"}
)
"""Extensions of what pages and programs load by themselves; documents and downloads are not among them."""


@dataclass(frozen=True, slots=True)
class CampaignTags:
    """The ``utm_*`` parameters of a request."""

    source: str
    medium: str
    name: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is kept of a request.

    :param path: path without query; it may hold bytes that the server escaped, as they are in the log.
    :param asset: whether the extension is one of :data:`ASSET_EXTENSIONS`, or the path is ``/robots.txt``.
    """

    method: str
    path: str
    asset: bool
    campaign: CampaignTags | None


def parse_request(raw: bytes) -> Request | None:
    """Return the parts of the request, or ``None`` when it is malformed: no method, path or protocol."""
    method, _, rest = raw.partition(b" ")
    target, _, protocol = rest.rpartition(b" ")
    target = target.strip()
    if not (target and _METHOD.fullmatch(method) and _PROTOCOL.fullmatch(protocol)):
        return None
    if not target.startswith(b"/"):
        target = _ABSOLUTE.sub(b"", target, count=1)
    address, _, query = target.partition(b"#")[0].partition(b"?")
    path = decode(address, limit=PATH_LIMIT) or "/"
    campaign = _campaign(query) if b"utm_" in query else None
    return Request(method.decode("ascii"), path, is_asset(path), campaign)


def is_asset(path: str) -> bool:
    """Tell whether a path is something that browsers and programs load without a person asking for it."""
    name = path.rpartition("/")[2].lower()
    return path == "/robots.txt" or ("." in name[1:] and name.rpartition(".")[2] in ASSET_EXTENSIONS)


def _campaign(query: bytes) -> CampaignTags | None:
    fields = parse_qs(query[:_QUERY_LIMIT].decode("utf-8", "replace"), errors="replace")
    source, medium, name = (
        decode(fields.get(key, [""])[0].strip().encode(), limit=CAMPAIGN_LIMIT)
        for key in ("utm_source", "utm_medium", "utm_campaign")
    )
    return CampaignTags(source, medium, name) if source or medium or name else None
