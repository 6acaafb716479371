"""From the fields of a line to the keys of what they refer to, with the rows that are new collected on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

from django_report_scheduling.contrib.web_analytics.access_log.decoding import decode
from django_report_scheduling.contrib.web_analytics.access_log.referrer import parse_referrer
from django_report_scheduling.contrib.web_analytics.access_log.request import parse_request
from django_report_scheduling.contrib.web_analytics.hashing import content_hash
from django_report_scheduling.contrib.web_analytics.importing.insertion import BulkInserter, Row
from django_report_scheduling.contrib.web_analytics.models import Campaign, ClientKind, Page, Referrer, UserAgent
from django_report_scheduling.contrib.web_analytics.user_agents import Client, recognise, skeleton

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 30_000
USER_AGENT_LIMIT = 1000
_ABSENT = (b"", b"-")


class BoundedMemo(dict[K, V], Generic[K, V]):
    """Remembers the results of a function; forgets all of them when there are too many."""

    def __init__(self, compute: Callable[[K], V], limit: int = REMEMBERED) -> None:
        super().__init__()
        self._compute = compute
        self._limit = limit

    def __missing__(self, key: K) -> V:
        if len(self) >= self._limit:
            self.clear()
        value = self[key] = self._compute(key)
        return value


class RequestKeys(NamedTuple):
    """Keys that a request field leads to."""

    page: int | None
    campaign: int | None
    viewable: bool
    """Whether a success of this request, made by a person, is a page view."""


class UserAgentKeys(NamedTuple):
    """Keys that a user agent field leads to."""

    user_agent: int | None
    bot: bool
    person: bool
    """Whether it may be a person: a browser, or unidentified."""


class Dimensions:
    """Keys of pages, referrers, campaigns and user agents, and the rows still to be inserted for them."""

    def __init__(self, connection: BaseDatabaseWrapper, site_id: int) -> None:
        self._site_id = site_id
        self.requests: BoundedMemo[bytes, RequestKeys] = BoundedMemo(self._request)
        self.referrers: BoundedMemo[bytes | None, int | None] = BoundedMemo(self._referrer)
        self.user_agents: BoundedMemo[bytes | None, UserAgentKeys] = BoundedMemo(self._user_agent)
        self._clients: dict[str, Client] = {}
        self._pending: list[tuple[BulkInserter, list[Row]]] = []
        self._pages = self._queue(BulkInserter(connection, Page, ("id", "site", "path", "asset")))
        self._referrer_rows = self._queue(BulkInserter(connection, Referrer, ("id", "site", "host", "url")))
        self._campaigns = self._queue(BulkInserter(connection, Campaign, ("id", "site", "source", "medium", "name")))
        self._agents = self._queue(BulkInserter(connection, UserAgent, ("id", "text", "family", "kind")))

    def flush(self) -> None:
        """Insert the rows that were met since the last time."""
        for inserter, rows in self._pending:
            inserter.insert(rows)
            rows.clear()

    def _queue(self, inserter: BulkInserter) -> list[Row]:
        rows: list[Row] = []
        self._pending.append((inserter, rows))
        return rows

    def _request(self, raw: bytes) -> RequestKeys:
        request = parse_request(raw)
        if request is None:
            return RequestKeys(None, None, viewable=False)
        site = str(self._site_id)
        page = content_hash("page", site, request.path)
        self._pages.append((page, self._site_id, request.path, request.asset))
        campaign = None
        if request.campaign is not None:
            tags = (request.campaign.source, request.campaign.medium, request.campaign.name)
            campaign = content_hash("campaign", site, *tags)
            self._campaigns.append((campaign, self._site_id, *tags))
        return RequestKeys(page, campaign, viewable=request.method == "GET" and not request.asset)

    def _referrer(self, raw: bytes | None) -> int | None:
        address = None if raw is None or raw in _ABSENT else parse_referrer(raw)
        if address is None:
            return None
        key = content_hash("referrer", str(self._site_id), address.url)
        self._referrer_rows.append((key, self._site_id, address.host, address.url))
        return key

    def _user_agent(self, raw: bytes | None) -> UserAgentKeys:
        if raw is None or raw in _ABSENT:
            return UserAgentKeys(None, bot=False, person=True)
        text = decode(raw, limit=USER_AGENT_LIMIT)
        outline = skeleton(text)
        client = self._clients.get(outline)
        if client is None:
            if len(self._clients) >= REMEMBERED:
                self._clients.clear()
            client = self._clients[outline] = recognise(text)
        key = content_hash("user agent", text)
        self._agents.append((key, text, client.family, client.kind.value))
        person = client.kind in {ClientKind.BROWSER, ClientKind.UNIDENTIFIED}
        return UserAgentKeys(key, bot=client.kind is ClientKind.BOT, person=person)
