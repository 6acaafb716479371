"""From a line to the row of its hit."""

from __future__ import annotations

from django_report_scheduling.contrib.web_analytics.access_log.line import LineFields
from django_report_scheduling.contrib.web_analytics.hashing import keyed_hash
from django_report_scheduling.contrib.web_analytics.importing.dimensions import BoundedMemo, Dimensions
from django_report_scheduling.contrib.web_analytics.importing.insertion import Row
from django_report_scheduling.contrib.web_analytics.importing.repetitions import Repetitions

HIT_FIELDS = (
    "site",
    "unix_time",
    "fingerprint",
    "visitor",
    "user_agent",
    "page",
    "referrer",
    "campaign",
    "status",
    "size",
    "bot",
    "page_view",
)
"""Order of the values in a row."""

HIT_ORDER = ("unix_time",)
"""How rows go in: by time, and in the order of the log within a second."""

_DATE = len("17/May/2015")


class RowMaker:
    """Makes rows of hits for one site from one file.

    A visitor is one client with one user agent on one day, as the log writes it: the date is part of what is hashed.
    Hence nobody can be followed from one day to the next, and how many visitors there were depends on no time zone.

    :param account_id: primary key of the account as text; keeps one client from being followed across accounts.
    """

    def __init__(self, *, site_id: int, account_id: str, dimensions: Dimensions) -> None:
        self._site_id = site_id
        self._dimensions = dimensions
        self._fingerprint = keyed_hash(f"line:{account_id}")
        hash_visitor = keyed_hash(f"visitor:{account_id}")
        self._visitors: BoundedMemo[tuple[bytes, bytes, bytes | None], int] = BoundedMemo(
            lambda visitor: hash_visitor(b"%b\0%b\0%b" % (visitor[0], visitor[1], visitor[2] or b""))
        )
        self._repetitions = Repetitions()

    def row(self, line: bytes, fields: LineFields, unix_time: int, size: int) -> Row:
        """Return the row of a line."""
        client, minute, _second, _offset, request, status_text, _size, referrer, agent = fields
        dimensions = self._dimensions
        page, campaign, viewable = dimensions.requests[request]
        user_agent, bot, person = dimensions.user_agents[agent]
        status = int(status_text)
        fingerprint = self._fingerprint(line)
        repeated = self._repetitions.count(fingerprint)
        if repeated:
            fingerprint = self._fingerprint(b"%d:%b" % (repeated, line))
        return (
            self._site_id,
            unix_time,
            fingerprint,
            self._visitors[minute[:_DATE], client, agent],
            user_agent,
            page,
            dimensions.referrers[referrer],
            campaign,
            status,
            size,
            bot,
            viewable and person and (200 <= status < 300 or status == 304) and status != 206,
        )
