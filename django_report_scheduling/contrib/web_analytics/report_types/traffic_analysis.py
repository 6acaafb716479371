"""The report ``traffic_analysis``: what was asked for, by whom, from where, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_report_scheduling.contrib.web_analytics.models import ClientKind
from django_report_scheduling.contrib.web_analytics.queries.clients import client_counts
from django_report_scheduling.contrib.web_analytics.queries.pages import broken_links, top_pages
from django_report_scheduling.contrib.web_analytics.queries.sources import Origin, Source, SourceKind, resolve_sources
from django_report_scheduling.contrib.web_analytics.queries.span import Bucket, Span, parts
from django_report_scheduling.contrib.web_analytics.queries.statuses import status_counts
from django_report_scheduling.contrib.web_analytics.queries.totals import Totals, bucket_hits, totals
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.contrib.web_analytics.queries.visits import visits
from django_report_scheduling.contrib.web_analytics.report_types import traffic_tables as tables
from django_report_scheduling.contrib.web_analytics.report_types.charts import course_chart, is_hourly
from django_report_scheduling.contrib.web_analytics.report_types.core import Metrics, core_metrics, no_traffic, ratio
from django_report_scheduling.contrib.web_analytics.report_types.parameters import TableParameters
from django_report_scheduling.reports import (
    Chart,
    Figure,
    Headline,
    Report,
    ReportContent,
    ReportRequest,
    Series,
    Unit,
)

SourceVisits = Sequence[tuple[Source, int]]


class TrafficAnalysis(Report[TableParameters]):
    """Top pages, referrers, campaigns, browsers, bots, status codes and broken links."""

    key = "traffic_analysis"
    title = gettext_lazy("Traffic analysis")
    description = gettext_lazy("Top pages, where visits come from, browsers and bots, status codes, broken links.")
    parameters: ClassVar[type[TableParameters]] = TableParameters

    def query(self, request: ReportRequest[TableParameters]) -> ReportContent:
        """Ask one question per table."""
        rows = request.parameters.rows
        traffic = Traffic.of(request.account.id, own_hosts=request.parameters.own_host_list)
        span = Span.between(request.period.start, request.period.end)
        total = totals(traffic, span)
        origins: Counter[Origin] = Counter((visit.referrer, visit.campaign) for visit in visits(traffic, span))
        sources = _by_source(traffic, origins)
        clients = client_counts(traffic, span)
        pages, viewed = top_pages(traffic, span, rows)
        broken, missing = broken_links(traffic, span, rows)
        metrics: Metrics = {
            **core_metrics(total, origins.total()),
            "pages_viewed": viewed,
            "broken_links": missing,
            **{f"{kind.value}_visits": _visits_of(sources, kind) for kind in SourceKind},
        }
        return ReportContent(
            metrics=metrics,
            blocks=[
                _headline(total, metrics),
                _hit_chart(traffic, parts(request.period)) if total.hits else no_traffic(traffic),
                tables.top_pages_table(pages, viewed, total.page_views),
                tables.referrers_table(_of_kind(sources, SourceKind.REFERRER), rows, origins.total()),
                tables.campaigns_table(_of_kind(sources, SourceKind.CAMPAIGN), rows, origins.total()),
                tables.broken_links_table(broken, missing),
                tables.client_kinds_table(clients, total.hits),
                tables.families_table(clients, ClientKind.BROWSER, rows),
                tables.families_table(clients, ClientKind.BOT, rows),
                tables.status_codes_table(status_counts(traffic, span), total.hits),
            ],
        )


def _headline(total: Totals, metrics: Metrics) -> Headline:
    return Headline(
        figures=[
            Figure(label=_("Visits"), value=metrics["visits"], note=_("without bots")),
            Figure(label=_("Visitors"), value=total.visitors, note=_("of each day, with bots")),
            Figure(label=_("Page views"), value=total.page_views, note=_("without bots")),
            Figure(label=_("Bots"), value=ratio(total.bot_hits, total.hits), unit=Unit.PERCENT, note=_("of all hits")),
        ]
    )


def _hit_chart(traffic: Traffic, buckets: Sequence[Bucket]) -> Chart:
    counted = bucket_hits(traffic, buckets)
    return course_chart(
        "hits",
        _("Hits by hour") if is_hourly(buckets) else _("Hits by day"),
        buckets,
        [
            Series(name=_("Without bots"), values=[others for others, _bots in counted]),
            Series(name=_("Bots"), values=[bots for _others, bots in counted]),
        ],
    )


def _by_source(traffic: Traffic, origins: Counter[Origin]) -> SourceVisits:
    resolved = resolve_sources(traffic, origins)
    counts: Counter[Source] = Counter()
    for origin, number in origins.items():
        counts[resolved[origin]] += number
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].name))


def _of_kind(sources: SourceVisits, kind: SourceKind) -> SourceVisits:
    return [(source, number) for source, number in sources if source.kind is kind]


def _visits_of(sources: SourceVisits, kind: SourceKind) -> int:
    return sum(number for _source, number in _of_kind(sources, kind))
