"""Top pages and broken links."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from django_report_scheduling.contrib.web_analytics.models import Hit, Page, Referrer
from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic

NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True, slots=True)
class PageCount:
    """Views of one page, and how many visitors viewed it."""

    path: str
    views: int
    visitors: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenLink:
    """A path that is not there although somebody wants it.

    :param linked_from: the page that most of these requests came from; empty when none said.
    """

    path: str
    hits: int
    human_hits: int
    linked_from: str


def top_pages(traffic: Traffic, span: Span, rows: int) -> tuple[list[PageCount], int]:
    """Return the most viewed pages, and how many pages were viewed at all."""
    by_page = (
        traffic.hits(span)
        .filter(page_view=True)
        .values_list("page_id")
        .annotate(views=Count("id"), visitors=Count("visitor", distinct=True))
    )
    best = list(by_page.order_by("-views", "-visitors", "page_id")[:rows])
    paths = Page.objects.in_bulk([page for page, _views, _visitors in best])
    counts = [
        PageCount(path=paths[page].path, views=views, visitors=visitors)
        for page, views, visitors in best
        if page in paths
    ]
    different = traffic.hits(span).filter(page_view=True).aggregate(count=Count("page_id", distinct=True))["count"]
    return sorted(counts, key=lambda count: (-count.views, -count.visitors, count.path)), int(different or 0)


def broken_links(traffic: Traffic, span: Span, rows: int) -> tuple[list[BrokenLink], int]:
    """Return the missing paths that people met or that a page links to, and how many of them there are.

    Those that most people met come first. What only bots tried without following a link is left out: nobody misses it.
    """
    missing = traffic.hits(span).filter(status=NOT_FOUND, page__isnull=False)
    by_page = (
        missing.values_list("page_id")
        .annotate(
            hits=Count("id"),
            human_hits=Count("id", filter=Q(bot=False)),
            linked=Count("id", filter=Q(referrer__isnull=False)),
        )
        .filter(Q(human_hits__gt=0) | Q(linked__gt=0))
    )
    worst = list(by_page.order_by("-human_hits", "-hits", "page_id")[:rows])
    paths = Page.objects.in_bulk([page for page, *_counts in worst])
    linked_from = _most_linking(missing.filter(page_id__in=list(paths)))
    links = [
        BrokenLink(path=paths[page].path, hits=hits, human_hits=human_hits, linked_from=linked_from.get(page, ""))
        for page, hits, human_hits, _linked in worst
        if page in paths
    ]
    return links, by_page.count()


def _most_linking(hits: QuerySet[Hit]) -> dict[int, str]:
    """Return, for each page, the address that most of its hits came from."""
    by_referrer = (
        hits.filter(referrer__isnull=False)
        .values_list("page_id", "referrer_id")
        .annotate(hits=Count("id"))
        .order_by("hits", "-referrer_id")
    )
    most = {page: referrer for page, referrer, _hits in by_referrer}
    urls = Referrer.objects.in_bulk(list(most.values()))
    return {page: urls[referrer].url for page, referrer in most.items() if referrer in urls}
