"""Visits: page views of one visitor, none of them half an hour or more after the one before.

A visitor is one of one day of the log, so a visit ends at its midnight too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic

IDLE = 30 * 60
"""Seconds without a page view after which a visit is over."""

NO_GOALS: Mapping[int, frozenset[int]] = {}


@dataclass(slots=True)
class Visit:
    """One visit.

    :param start: when it began, in seconds since 1970.
    :param referrer: key of what led to its first page view.
    :param campaign: key of the campaign of its first page view.
    :param reached: places of the goals it reached.
    :param steps: how many goals it reached one after the other, from the first on.
    """

    start: int
    referrer: int | None
    campaign: int | None
    page_views: int = 0
    reached: set[int] = field(default_factory=set)
    steps: int = 0


class _PageView(NamedTuple):
    visitor: int
    unix_time: int
    referrer: int | None
    campaign: int | None
    page: int | None


def visits(traffic: Traffic, span: Span, goals: Mapping[int, frozenset[int]] = NO_GOALS) -> Iterator[Visit]:
    """Yield the visits that began in a stretch of time, as far as it goes.

    Page views of the half hour before are looked at too: who was here already then is not on a new visit.

    :param goals: key of a page → places of the goals that it reaches.
    """
    visit: Visit | None = None
    visitor, last = 0, 0
    for view in _page_views(traffic, Span(span.start - IDLE, span.end)):
        if visit is None or view.visitor != visitor or view.unix_time - last >= IDLE:
            if visit is not None and visit.start >= span.start:
                yield visit
            visit = Visit(view.unix_time, view.referrer, view.campaign)
        visitor, last = view.visitor, view.unix_time
        visit.page_views += 1
        reached = goals.get(view.page) if view.page is not None else None
        if reached:
            visit.reached |= reached
            visit.steps += visit.steps in reached
    if visit is not None and visit.start >= span.start:
        yield visit


def _page_views(traffic: Traffic, span: Span) -> Iterator[_PageView]:
    views = traffic.hits(span).filter(page_view=True).order_by("visitor", "unix_time", "id")
    columns = ("visitor", "unix_time", "referrer_id", "campaign_id", "page_id")
    return map(_PageView._make, views.values_list(*columns).iterator(chunk_size=10_000))
