"""The report ``conversion_report``: what visits came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from django_report_scheduling.contrib.web_analytics.models import Goal
from django_report_scheduling.contrib.web_analytics.queries.goals import Conversions, conversions, goals_of
from django_report_scheduling.contrib.web_analytics.queries.span import Bucket, Span, count_by_bucket, parts
from django_report_scheduling.contrib.web_analytics.queries.totals import totals
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.contrib.web_analytics.report_types import conversion_tables as tables
from django_report_scheduling.contrib.web_analytics.report_types.charts import (
    compared_series,
    course_chart,
    is_hourly,
)
from django_report_scheduling.contrib.web_analytics.report_types.comparison import Comparison
from django_report_scheduling.contrib.web_analytics.report_types.core import Metrics, core_metrics, no_traffic, ratio
from django_report_scheduling.contrib.web_analytics.report_types.parameters import TableParameters
from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.period import Period
from django_report_scheduling.reports import (
    Block,
    Chart,
    Headline,
    Report,
    ReportContent,
    ReportRequest,
    Text,
    Unit,
    parameter,
)


@dataclass(frozen=True, kw_only=True)
class ConversionParameters(TableParameters):
    """Adds the goal that counts as the conversion."""

    goal: str = parameter(
        forms.SlugField(
            max_length=50,
            label=gettext_lazy("Main goal"),
            help_text=gettext_lazy("Key of the goal whose visits are conversions; empty takes the last one."),
        ),
        default="",
    )


class ConversionReport(Report[ConversionParameters]):
    """Goals, the funnel they form, and conversions by source."""

    key = "conversion_report"
    title = gettext_lazy("Conversion report")
    description = gettext_lazy("How many visits reached the account’s goals, step by step and by source.")
    parameters: ClassVar[type[ConversionParameters]] = ConversionParameters

    def query(self, request: ReportRequest[ConversionParameters]) -> ReportContent:
        """Follow the visits of both periods.

        :raises InvalidParameters: the account has no goal of the key that was asked for.
        """
        traffic = Traffic.of(request.account.id, own_hosts=request.parameters.own_host_list)
        goals = goals_of(request.account.id)
        main = _main_goal(goals, request.parameters.goal)
        now = _Course.of(traffic, request.period, goals, main)
        before = _Course.of(traffic, request.previous_period, goals, main)
        comparison = Comparison(now=now.metrics, before=before.metrics)
        blocks: list[Block] = [
            _headline(comparison, None if main is None else goals[main]),
            *comparison.remarks,
        ]
        if not now.metrics["hits"]:
            blocks.append(no_traffic(traffic))
        if main is None:
            blocks.append(_no_goals())
            sources = tables.visit_sources_table(now.found, request.parameters.rows)
        else:
            if now.found.converted or before.found.converted:
                blocks.append(_chart(now, before, possible=comparison.possible))
            sources = tables.sources_table(now.found, request.parameters.rows)
        blocks += [tables.goals_table(goals, now.found), tables.funnel_table(goals, now.found), sources]
        return ReportContent(metrics=comparison.metrics, blocks=blocks)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Course:
    """A period, counted as a whole and in the parts that are charted."""

    metrics: Metrics
    found: Conversions
    buckets: Sequence[Bucket]
    conversions: Sequence[int]

    @classmethod
    def of(cls, traffic: Traffic, period: Period, goals: Sequence[Goal], main: int | None) -> _Course:
        span, buckets = Span.between(period.start, period.end), parts(period)
        found = conversions(traffic, span, goals, main)
        metrics: Metrics = {
            **core_metrics(totals(traffic, span), found.visits),
            "conversions": None if main is None else len(found.converted),
            "conversion_rate": None if main is None else ratio(len(found.converted), found.visits),
        }
        for goal, reached in zip(goals, found.reached, strict=True):
            metrics[f"goal_{goal.key}"] = reached
        by_bucket = count_by_bucket(buckets, found.converted)
        return cls(metrics=metrics, found=found, buckets=buckets, conversions=by_bucket)


def _main_goal(goals: Sequence[Goal], key: str) -> int | None:
    if not key:
        return len(goals) - 1 if goals else None
    keys = [goal.key for goal in goals]
    if key in keys:
        return keys.index(key)
    message = _("The account has no goal “%(key)s”; its goals are: %(keys)s.") % {
        "key": key,
        "keys": ", ".join(keys) or "–",
    }
    raise InvalidParameters({"goal": [message]})


def _headline(comparison: Comparison, goal: Goal | None) -> Headline:
    figure = comparison.figure
    visits = figure("visits", _("Visits"), note=_("without bots"))
    if goal is None:
        page_views = figure("page_views", _("Page views"), note=_("without bots"))
        return Headline(figures=[visits, page_views, figure("pages_per_visit", _("Page views per visit"))])
    return Headline(
        figures=[
            visits,
            figure("conversions", _("Conversions"), note=goal.name),
            figure("conversion_rate", _("Conversion rate"), Unit.PERCENT, note=_("of all visits")),
        ]
    )


def _chart(now: _Course, before: _Course, *, possible: bool) -> Chart:
    return course_chart(
        "conversions",
        _("Conversions by hour") if is_hourly(now.buckets) else _("Conversions by day"),
        now.buckets,
        compared_series(now.conversions, before.conversions, possible=possible),
    )


def _no_goals() -> Text:
    return Text(
        title=_("No goals yet"),
        text=_(
            "This account has no goals. Name the pages that a visit is meant to lead to, and they are counted here."
        ),
    )
