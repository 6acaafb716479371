"""Status codes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusCount:
    """Hits answered with one status code."""

    status: int
    hits: int
    bytes: int


def status_counts(traffic: Traffic, span: Span) -> list[StatusCount]:
    """Return the counts by status code, in the order of the codes."""
    by_status = (
        traffic.hits(span).values_list("status").annotate(hits=Count("id"), bytes=Sum("size")).order_by("status")
    )
    return [StatusCount(status=status, hits=hits, bytes=size) for status, hits, size in by_status]
