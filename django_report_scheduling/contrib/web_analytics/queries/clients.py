"""Browsers and bots."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from django_report_scheduling.contrib.web_analytics.models import ClientKind, UserAgent
from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.totals import CLIENT_ERROR
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic

_KEYS_PER_QUERY = 500


@dataclass(slots=True)
class ClientCount:
    """What the user agents of one family did.

    :param family: empty when the requests named no user agent.
    """

    kind: ClientKind
    family: str
    hits: int = 0
    page_views: int = 0
    visitors: int = 0


def client_counts(traffic: Traffic, span: Span) -> list[ClientCount]:
    """Return the counts by kind and family, most hits first.

    Counted by user agent and added up: a visitor has one user agent, so nobody is counted twice. Those of all families
    add up to the visitors of the stretch of time.
    """
    by_agent = (
        traffic.hits(span)
        .values_list("user_agent_id")
        .annotate(
            hits=Count("id"),
            page_views=Count("id", filter=Q(page_view=True)),
            visitors=Count("visitor", distinct=True, filter=~CLIENT_ERROR),
        )
        .order_by()
    )
    rows = list(by_agent)
    known = _user_agents({key for key, *_counts in rows if key is not None})
    counts: defaultdict[tuple[ClientKind, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, *numbers in rows:
        sums = counts[known.get(key, (ClientKind.UNIDENTIFIED, ""))]
        sums[:] = [before + number for before, number in zip(sums, numbers, strict=True)]
    result = [ClientCount(kind, family, *sums) for (kind, family), sums in counts.items()]
    return sorted(result, key=lambda count: (-count.hits, count.kind, count.family))


def _user_agents(keys: set[int]) -> dict[int | None, tuple[ClientKind, str]]:
    ordered = sorted(keys)
    return {
        key: (ClientKind(kind), family)
        for start in range(0, len(ordered), _KEYS_PER_QUERY)
        for key, kind, family in UserAgent.objects.filter(pk__in=ordered[start : start + _KEYS_PER_QUERY]).values_list(
            "pk", "kind", "family"
        )
    }
