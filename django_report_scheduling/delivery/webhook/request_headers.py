"""The headers of a request: ours, which nobody replaces, and a channel's own, which cannot change what is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from django_report_scheduling import __version__
from django_report_scheduling.delivery.webhook.urls import CheckedUrl

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_OURS: Final = frozenset(
    {
        "host", "user-agent", "accept", "accept-encoding", "connection", "keep-alive", "te", "trailer", "upgrade",
        "content-length", "content-encoding", "transfer-encoding", "expect", "cookie", "forwarded", "via",
    }
)  # fmt: skip
_OUR_PREFIXES: Final = ("proxy-", "x-forwarded-", "sec-")


def request_headers(url: CheckedUrl, *, length: int, added: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Return all headers of a request.

    :param length: bytes of the body.
    :param added: names in any case, values of printable ASCII. ``content-type`` is JSON's unless it is here.
    :raises ValueError: a name is ours to set, or a name or value could break out of its line.
    """
    lowered = {name.lower(): value for name, value in added.items()}
    for name, value in lowered.items():
        if name in _OURS or name.startswith(_OUR_PREFIXES):
            msg = f"The header {name!r} cannot be set: it decides how a request is read, or where it goes."
            raise ValueError(msg)
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            msg = f"The header {name!r} needs a name of letters, digits and hyphens, and one line of ASCII as value."
            raise ValueError(msg)
    return [
        ("host", url.authority),
        ("user-agent", f"django-report-scheduling/{__version__}"),
        ("accept", "*/*"),
        ("accept-encoding", "identity"),
        ("connection", "close"),
        ("content-length", str(length)),
        *{"content-type": "application/json", **lowered}.items(),
    ]
