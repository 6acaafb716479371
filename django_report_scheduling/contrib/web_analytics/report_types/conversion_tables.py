"""The tables of the conversion report."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from django_report_scheduling.contrib.web_analytics.models import Goal
from django_report_scheduling.contrib.web_analytics.queries.goals import Conversions, SourceConversions
from django_report_scheduling.contrib.web_analytics.queries.sources import SourceKind
from django_report_scheduling.contrib.web_analytics.report_types.core import ratio, top_of
from django_report_scheduling.reports import Column, Table, Unit


def goals_table(goals: Sequence[Goal], found: Conversions) -> Table:
    """Return how many visits reached each goal, by whatever way."""
    return Table(
        key="goals",
        title=_("Goals"),
        columns=[
            Column(key="goal", label=_("Goal"), weight=2),
            Column(key="path_pattern", label=_("Path"), weight=2),
            Column(key="visits", label=_("Visits"), unit=Unit.NUMBER),
            Column(key="rate", label=_("Share of visits"), unit=Unit.PERCENT),
        ],
        rows=[
            (goal.name, goal.path_pattern, reached, ratio(reached, found.visits))
            for goal, reached in zip(goals, found.reached, strict=True)
        ],
        shown_when_empty=False,
    )


def funnel_table(goals: Sequence[Goal], found: Conversions) -> Table:
    """Return how many visits reached the goals one after the other."""
    before = [found.visits, *found.funnel]
    return Table(
        key="funnel",
        title=_("Funnel"),
        columns=[
            Column(key="step", label=_("Step"), unit=Unit.NUMBER),
            Column(key="goal", label=_("Goal"), weight=3),
            Column(key="visits", label=_("Visits"), unit=Unit.NUMBER),
            Column(key="continued", label=_("Of the step before"), unit=Unit.PERCENT),
            Column(key="rate", label=_("Of all visits"), unit=Unit.PERCENT),
        ],
        rows=[
            (place + 1, goal.name, count, ratio(count, before[place]), ratio(count, found.visits))
            for place, (goal, count) in enumerate(zip(goals, found.funnel, strict=True))
        ],
        note=_("A visit is in a step when it viewed the pages of this step and of all before it, in this order."),
        shown_when_empty=False,
    )


def sources_table(found: Conversions, rows: int) -> Table:
    """Return visits and conversions by where the visits came from."""
    return Table(
        key="sources",
        title=_("Conversions by source"),
        columns=[
            *_source_columns(),
            Column(key="conversions", label=_("Conversions"), unit=Unit.NUMBER),
            Column(key="rate", label=_("Conversion rate"), unit=Unit.PERCENT),
        ],
        rows=[
            (*_source_cells(row), row.conversions, ratio(row.conversions, row.visits)) for row in found.sources[:rows]
        ],
        note=top_of(min(rows, len(found.sources)), len(found.sources)),
        empty=_("There were no visits in this period."),
    )


def visit_sources_table(found: Conversions, rows: int) -> Table:
    """Return where visits came from, for an account that has no goals."""
    return Table(
        key="sources",
        title=_("Visits by source"),
        columns=[*_source_columns(), Column(key="share", label=_("Share of visits"), unit=Unit.PERCENT)],
        rows=[(*_source_cells(row), ratio(row.visits, found.visits)) for row in found.sources[:rows]],
        note=top_of(min(rows, len(found.sources)), len(found.sources)),
        empty=_("There were no visits in this period."),
    )


def _source_columns() -> Sequence[Column]:
    return (
        Column(key="kind", label=_("Kind"), weight=1.2),
        Column(key="source", label=_("Source"), weight=2.5),
        Column(key="visits", label=_("Visits"), unit=Unit.NUMBER),
    )


def _source_cells(row: SourceConversions) -> tuple[str, str, int]:
    labels = {
        SourceKind.CAMPAIGN: _("Campaign"),
        SourceKind.REFERRER: _("Referring site"),
        SourceKind.DIRECT: _("Direct"),
    }
    return labels[row.source.kind], row.source.name or _("typed in, bookmarked or not told"), row.visits
