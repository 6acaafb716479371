"""The report ``performance_summary``: how much traffic there was, and how that compares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_report_scheduling.contrib.web_analytics.queries.span import Bucket, Span, count_by_bucket, parts
from django_report_scheduling.contrib.web_analytics.queries.totals import Totals, bucket_totals, totals
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.contrib.web_analytics.queries.visits import visits
from django_report_scheduling.contrib.web_analytics.report_types.charts import (
    compared_series,
    course_chart,
    is_hourly,
)
from django_report_scheduling.contrib.web_analytics.report_types.comparison import Comparison
from django_report_scheduling.contrib.web_analytics.report_types.core import Metrics, core_metrics, no_traffic
from django_report_scheduling.period import Period
from django_report_scheduling.reports import (
    Block,
    Chart,
    Column,
    Headline,
    Parameters,
    Report,
    ReportContent,
    ReportRequest,
    Table,
    Unit,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """A period, counted as a whole and in the parts that are charted."""

    metrics: Metrics
    buckets: Sequence[Bucket]
    totals: Sequence[Totals]
    visits: Sequence[int]


class PerformanceSummary(Report[Parameters]):
    """Visits, visitors, page views, bytes and errors, against the previous period."""

    key = "performance_summary"
    title = gettext_lazy("Performance summary")
    description = gettext_lazy("Visits, visitors, page views, traffic and errors, compared with the previous period.")
    parameters: ClassVar[type[Parameters]] = Parameters

    def query(self, request: ReportRequest[Parameters]) -> ReportContent:
        """Count both periods."""
        traffic = Traffic.of(request.account.id)
        current = _course(traffic, request.period)
        before = _course(traffic, request.previous_period)
        comparison = Comparison(now=current.metrics, before=before.metrics)
        blocks: list[Block] = [*_headlines(comparison), *comparison.remarks]
        if current.metrics["hits"]:
            blocks += [*_charts(current, before, comparison), _table(current)]
        else:
            blocks.append(no_traffic(traffic))
        return ReportContent(metrics=comparison.metrics, blocks=blocks)


def _course(traffic: Traffic, period: Period) -> _Course:
    span, buckets = Span.between(period.start, period.end), parts(period)
    by_bucket = count_by_bucket(buckets, (visit.start for visit in visits(traffic, span)))
    return _Course(
        metrics=core_metrics(totals(traffic, span), sum(by_bucket)),
        buckets=buckets,
        totals=bucket_totals(traffic, buckets),
        visits=by_bucket,
    )


def _headlines(comparison: Comparison) -> tuple[Headline, Headline]:
    figure = comparison.figure
    return (
        Headline(
            figures=[
                figure("visits", _("Visits"), note=_("without bots")),
                figure("visitors", _("Visitors"), note=_("of each day, with bots")),
                figure("page_views", _("Page views"), note=_("without bots")),
            ]
        ),
        Headline(
            figures=[
                figure("hits", _("Hits"), better=None, note=_("all requests")),
                figure("bytes", _("Data sent"), Unit.BYTES, better=None),
                figure("error_rate", _("Error rate"), Unit.PERCENT, better=False, note=_("status 400 to 599")),
            ]
        ),
    )


def _charts(now: _Course, before: _Course, comparison: Comparison) -> tuple[Chart, Chart]:
    hourly = is_hourly(now.buckets)
    page_views = [[total.page_views for total in course.totals] for course in (now, before)]
    return (
        course_chart(
            "page_views",
            _("Page views by hour") if hourly else _("Page views by day"),
            now.buckets,
            compared_series(*page_views, possible=comparison.possible),
        ),
        course_chart(
            "visits",
            _("Visits by hour") if hourly else _("Visits by day"),
            now.buckets,
            compared_series(now.visits, before.visits, possible=comparison.possible),
        ),
    )


def _table(course: _Course) -> Table:
    hourly = is_hourly(course.buckets)
    first = (
        Column(key="hour", label=_("Hour"), unit=Unit.DATETIME)
        if hourly
        else Column(key="day", label=_("Day"), unit=Unit.DATE)
    )
    return Table(
        key="by_hour" if hourly else "by_day",
        title=_("By hour") if hourly else _("By day"),
        columns=[
            first,
            Column(key="visits", label=_("Visits"), unit=Unit.NUMBER),
            Column(key="visitors", label=_("Visitors"), unit=Unit.NUMBER),
            Column(key="page_views", label=_("Page views"), unit=Unit.NUMBER),
            Column(key="hits", label=_("Hits"), unit=Unit.NUMBER),
            Column(key="bytes", label=_("Data sent"), unit=Unit.BYTES),
            Column(key="errors", label=_("Errors"), unit=Unit.NUMBER),
        ],
        rows=[
            (bucket.label, visits_then, total.visitors, total.page_views, total.hits, total.bytes, total.errors)
            for bucket, total, visits_then in zip(course.buckets, course.totals, course.visits, strict=True)
        ],
        note=_note(course, hourly=hourly),
    )


def _note(course: _Course, *, hourly: bool) -> str:
    if sum(total.visitors for total in course.totals) == course.metrics["visitors"]:
        return ""
    if hourly:
        return _("A visitor of several hours counts in each of them.")
    return _("These add up to more visitors than the period has, since the days of the log begin at another hour.")
