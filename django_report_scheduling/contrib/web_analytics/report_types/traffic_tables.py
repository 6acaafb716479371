"""The tables of the traffic analysis."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django.utils.translation import gettext as _

from django_report_scheduling.contrib.web_analytics.models import ClientKind
from django_report_scheduling.contrib.web_analytics.queries.clients import ClientCount
from django_report_scheduling.contrib.web_analytics.queries.pages import BrokenLink, PageCount
from django_report_scheduling.contrib.web_analytics.queries.sources import Source
from django_report_scheduling.contrib.web_analytics.queries.statuses import StatusCount
from django_report_scheduling.contrib.web_analytics.report_types.core import ratio, top_of
from django_report_scheduling.reports import Column, Table, Unit


def _share(label: str) -> Column:
    return Column(key="share", label=label, unit=Unit.PERCENT)


def _number(key: str, label: str) -> Column:
    return Column(key=key, label=label, unit=Unit.NUMBER)


def top_pages_table(pages: Sequence[PageCount], viewed: int, page_views: int) -> Table:
    """Return the most viewed pages."""
    return Table(
        key="top_pages",
        title=_("Top pages"),
        columns=[
            Column(key="path", label=_("Page"), weight=4),
            _number("page_views", _("Page views")),
            _number("visitors", _("Visitors")),
            _share(_("Share of page views")),
        ],
        rows=[(page.path, page.views, page.visitors, ratio(page.views, page_views)) for page in pages],
        note=top_of(len(pages), viewed),
        empty=_("No page was viewed in this period."),
    )


def referrers_table(sources: Sequence[tuple[Source, int]], rows: int, visits: int) -> Table:
    """Return the other sites that visits came from."""
    return Table(
        key="referrers",
        title=_("Referring sites"),
        columns=[
            Column(key="host", label=_("Site"), weight=3),
            _number("visits", _("Visits")),
            _share(_("Share of visits")),
        ],
        rows=[(source.name, number, ratio(number, visits)) for source, number in sources[:rows]],
        note=top_of(min(rows, len(sources)), len(sources)),
        empty=_("No visit came from another site in this period."),
    )


def campaigns_table(sources: Sequence[tuple[Source, int]], rows: int, visits: int) -> Table:
    """Return the campaigns that visits came from."""
    return Table(
        key="campaigns",
        title=_("Campaigns"),
        columns=[
            Column(key="campaign", label=_("Source / medium / campaign"), weight=3),
            _number("visits", _("Visits")),
            _share(_("Share of visits")),
        ],
        rows=[(source.name, number, ratio(number, visits)) for source, number in sources[:rows]],
        note=top_of(min(rows, len(sources)), len(sources)),
        empty=_("No visit came from a link with utm_source, utm_medium or utm_campaign in this period."),
    )


def client_kinds_table(clients: Sequence[ClientCount], hits: int) -> Table:
    """Return how the hits divide into browsers, bots and what is neither."""
    kinds = [(kind, [client for client in clients if client.kind is kind]) for kind in ClientKind]
    return Table(
        key="client_kinds",
        title=_("People and bots"),
        columns=[
            Column(key="kind", label=_("Kind"), weight=2),
            _number("hits", _("Hits")),
            _share(_("Share of hits")),
            _number("page_views", _("Page views")),
            _number("visitors", _("Visitors")),
        ],
        rows=[
            (
                str(kind.label),
                sum(client.hits for client in found),
                ratio(sum(client.hits for client in found), hits),
                sum(client.page_views for client in found),
                sum(client.visitors for client in found),
            )
            for kind, found in kinds
            if found
        ],
        empty=_("There were no requests in this period."),
    )


def families_table(clients: Sequence[ClientCount], kind: ClientKind, rows: int) -> Table:
    """Return the browsers, or the bots, with most hits."""
    found = [client for client in clients if client.kind is kind]
    bots = kind is ClientKind.BOT
    return Table(
        key="bots" if bots else "browsers",
        title=_("Bots") if bots else _("Browsers"),
        columns=[
            Column(key="family", label=_("Bot") if bots else _("Browser"), weight=3),
            _number("hits", _("Hits")),
            *([] if bots else [_number("page_views", _("Page views"))]),
            _number("visitors", _("Visitors")),
        ],
        rows=[
            (client.family, client.hits, *([] if bots else [client.page_views]), client.visitors)
            for client in found[:rows]
        ],
        note=top_of(min(rows, len(found)), len(found)),
        empty=_("No bot came in this period.") if bots else _("No browser came in this period."),
    )


def status_codes_table(counts: Sequence[StatusCount], hits: int) -> Table:
    """Return the hits by status code."""
    return Table(
        key="status_codes",
        title=_("Status codes"),
        columns=[
            _number("status", _("Status")),
            Column(key="meaning", label=_("Meaning"), weight=2),
            _number("hits", _("Hits")),
            _share(_("Share of hits")),
            Column(key="bytes", label=_("Data sent"), unit=Unit.BYTES),
        ],
        rows=[
            (count.status, _meaning(count.status), count.hits, ratio(count.hits, hits), count.bytes) for count in counts
        ],
        empty=_("There were no requests in this period."),
    )


def broken_links_table(links: Sequence[BrokenLink], missing: int) -> Table:
    """Return the missing paths that are worth fixing."""
    return Table(
        key="broken_links",
        title=_("Broken links worth fixing"),
        columns=[
            Column(key="path", label=_("Missing page"), weight=3),
            Column(key="linked_from", label=_("Mostly linked from"), weight=3),
            _number("hits", _("Hits")),
            _number("human_hits", _("Without bots")),
        ],
        rows=[(link.path, link.linked_from or None, link.hits, link.human_hits) for link in links],
        note=top_of(len(links), missing),
        empty=_("Nobody missed a page in this period."),
    )


def _meaning(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
