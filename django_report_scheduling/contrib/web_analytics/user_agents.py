"""Which browser or bot a user agent is, by the lists of two kept libraries.

A bot is what ``crawler-user-agents`` lists, or what ``ua-parser`` calls a spider. A browser is any other user agent
that ``ua-parser`` knows the family of. What neither knows is unidentified when it calls itself ``Mozilla``, as every
browser does; otherwise it is a program, such as a feed reader or a backup job, that gives its own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from django_report_scheduling.contrib.web_analytics.models import ClientKind

FAMILY_LIMIT = 100
CONSIDERED = 512
"""Characters of a user agent that are looked at; longer ones are only meant to keep regular expressions busy."""


@dataclass(frozen=True, slots=True)
class Client:
    """What a user agent was recognised as."""

    kind: ClientKind
    family: str


_NUMBERS = re.compile(r"\d+(?:[._]\d+)*")


def skeleton(user_agent: str) -> str:
    """Return the user agent without its version numbers; those with the same skeleton are the same client.

    Looking through the lists takes about a millisecond, and a log holds many versions of few clients.
    """
    return _NUMBERS.sub("0", user_agent[:CONSIDERED])


def recognise(user_agent: str) -> Client:
    """Return the kind and the family of a user agent; the family of one in no list is its first word."""
    from crawleruseragents import CRAWLER_PATTERNS  # noqa: PLC0415 - an optional extra
    from ua_parser import parse_device, parse_user_agent  # noqa: PLC0415 - an optional extra

    text = user_agent[:CONSIDERED]
    browser, device = parse_user_agent(text), parse_device(text)
    family = browser.family if browser else ""
    first_word = re.split(r"[\s/(;]", text, maxsplit=1)[0]
    crawler = cast("re.Pattern[str]", CRAWLER_PATTERNS.case_sensitive).search(text)
    if device is not None and device.family == "Spider":
        return _client(ClientKind.BOT, family or first_word)
    if crawler is not None:
        return _client(ClientKind.BOT, crawler.group().strip(" /;()+") or first_word)
    if family:
        return _client(ClientKind.BROWSER, family)
    return _client(ClientKind.UNIDENTIFIED if first_word == "Mozilla" else ClientKind.PROGRAM, first_word)


def _client(kind: ClientKind, family: str) -> Client:
    return Client(kind, family[:FAMILY_LIMIT])
