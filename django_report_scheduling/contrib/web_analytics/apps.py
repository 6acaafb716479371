"""The Django app ``web_analytics``."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class WebAnalyticsConfig(AppConfig):
    """App ``web_analytics``: traffic tables, the importer, and the report types built on them."""

    name = "django_report_scheduling.contrib.web_analytics"
    label = "web_analytics"
    verbose_name = _("Web analytics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from django_report_scheduling.contrib.web_analytics.checks import check_libraries  # noqa: PLC0415 - after set-up

        checks.register(check_libraries)
