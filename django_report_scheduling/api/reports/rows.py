"""The reports that somebody may see, with everything that is shown of them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.access.visibility import visible_reports
from django_report_scheduling.models.report import GeneratedReportQuerySet


def shown_reports(user: AbstractUser) -> GeneratedReportQuerySet:
    """Return what the person may see; a page of any size is read with two queries."""
    return visible_reports(user).select_related("schedule", "account").prefetch_related("files")
