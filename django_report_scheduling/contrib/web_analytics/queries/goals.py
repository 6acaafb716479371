"""Goals, the visits that reach them, and where those come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django_report_scheduling.contrib.web_analytics.models import Goal, Page
from django_report_scheduling.contrib.web_analytics.path_pattern import path_pattern_regex
from django_report_scheduling.contrib.web_analytics.queries.sources import Origin, Source, resolve_sources
from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.contrib.web_analytics.queries.visits import visits


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceConversions:
    """Visits from one source, and how many of them reached the main goal."""

    source: Source
    visits: int
    conversions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversions:
    """What visits came to.

    :param reached: for each goal, the visits that reached it.
    :param funnel: for each goal, the visits that reached it after all goals before it.
    :param converted: when each visit that reached the main goal began, in seconds since 1970.
    :param sources: most conversions first.
    """

    visits: int
    reached: Sequence[int]
    funnel: Sequence[int]
    converted: Sequence[int]
    sources: Sequence[SourceConversions]


def goals_of(account_id: str) -> list[Goal]:
    """Return the goals of an account in the order of its funnel."""
    return list(Goal.objects.filter(account_id=account_id).order_by("position", "key"))


def conversions(traffic: Traffic, span: Span, goals: Sequence[Goal], main: int | None) -> Conversions:
    """Return what the visits of a stretch of time came to.

    :param main: place of the goal whose visits are conversions; ``None`` when there are no goals.
    """
    reached, funnel = [0] * len(goals), [0] * len(goals)
    by_origin: defaultdict[Origin, list[int]] = defaultdict(lambda: [0, 0])
    converted: list[int] = []
    for visit in visits(traffic, span, _goals_by_page(traffic, goals)):
        counts = by_origin[visit.referrer, visit.campaign]
        counts[0] += 1
        if main in visit.reached:
            counts[1] += 1
            converted.append(visit.start)
        for place in visit.reached:
            reached[place] += 1
        for place in range(visit.steps):
            funnel[place] += 1
    return Conversions(
        visits=sum(visits_from for visits_from, _converted in by_origin.values()),
        reached=reached,
        funnel=funnel,
        converted=converted,
        sources=_by_source(traffic, by_origin),
    )


def _by_source(traffic: Traffic, by_origin: dict[Origin, list[int]]) -> list[SourceConversions]:
    sources = resolve_sources(traffic, by_origin)
    sums: defaultdict[Source, list[int]] = defaultdict(lambda: [0, 0])
    for origin, (visits_from, converted) in by_origin.items():
        sums[sources[origin]][0] += visits_from
        sums[sources[origin]][1] += converted
    rows = [SourceConversions(source=source, visits=pair[0], conversions=pair[1]) for source, pair in sums.items()]
    return sorted(rows, key=lambda row: (-row.conversions, -row.visits, row.source.kind, row.source.name))


def _goals_by_page(traffic: Traffic, goals: Sequence[Goal]) -> dict[int, frozenset[int]]:
    if traffic.site_id is None:
        return {}
    places: defaultdict[int, set[int]] = defaultdict(set)
    for place, goal in enumerate(goals):
        matching = Page.objects.filter(site_id=traffic.site_id, path__regex=path_pattern_regex(goal.path_pattern))
        for page in matching.values_list("pk", flat=True).iterator():
            places[page].add(place)
    return {page: frozenset(found) for page, found in places.items()}
