"""Traffic as rows: one site per account, its hits, what the hits refer to, and the account's goals."""

from __future__ import annotations

from django_report_scheduling.contrib.web_analytics.models.dimensions import (
    Campaign,
    ClientKind,
    Page,
    Referrer,
    UserAgent,
)
from django_report_scheduling.contrib.web_analytics.models.goal import Goal
from django_report_scheduling.contrib.web_analytics.models.hit import Hit
from django_report_scheduling.contrib.web_analytics.models.site import Site

__all__ = ["Campaign", "ClientKind", "Goal", "Hit", "Page", "Referrer", "Site", "UserAgent"]
