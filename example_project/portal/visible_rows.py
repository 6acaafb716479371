"""The rows one user may see, with what the pages show beside them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, Q, QuerySet

from django_report_scheduling.access import visibility
from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import GeneratedReport, ReportFile, ReportSchedule


def visible_schedules(user: AbstractUser) -> QuerySet[ReportSchedule]:
    """Return the schedules of the user's accounts, the next one to run first."""
    return visibility.visible_schedules(user).select_related("account").order_by("next_run_at", "name")


def visible_reports(user: AbstractUser) -> QuerySet[GeneratedReport]:
    """Return the reports of the user's accounts with their files, the newest first."""
    return (
        visibility.visible_reports(user)
        .select_related("account", "schedule")
        .prefetch_related("files")
        .annotate(
            targets=Count("deliveries"), sent=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.SENT))
        )
        .order_by("-created_at")
    )


def visible_files(user: AbstractUser) -> QuerySet[ReportFile]:
    """Return the files of these reports."""
    return visibility.visible_files(user)
