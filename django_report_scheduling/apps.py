"""The Django app: what happens when the project starts."""

from __future__ import annotations

from importlib import import_module

from celery import current_app
from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportSchedulingConfig(AppConfig):
    """App ``report_scheduling``."""

    name = "django_report_scheduling"
    label = "report_scheduling"
    verbose_name = _("Report scheduling")
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Import the models, and with them the permission models that live on the access floor.

        :raises ImproperlyConfigured: guardian is not installed.
        """
        if not apps.is_installed("guardian"):
            msg = (
                'Add "guardian" to INSTALLED_APPS, before or after "django_report_scheduling": '
                "the roles of people on accounts are guardian's object permissions."
            )
            raise ImproperlyConfigured(msg)
        super().import_models()
        import_module("django_report_scheduling.access.models")

    def ready(self) -> None:
        """Connect the system checks, find the report types of every installed app, register the beat entries."""
        import_module("django_report_scheduling.checks")
        autodiscover_modules("reports")
        import_module("django_report_scheduling.tasks.beat").register_beat_entries(current_app)
