"""The app that listens to Anymail."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.contrib.anymail.tracking import heed


class AnymailTrackingConfig(AppConfig):
    """Listens to the events that Anymail receives."""

    name = "django_report_scheduling.contrib.anymail"
    label = "report_scheduling_anymail"
    verbose_name = _("Report scheduling: mail tracking")

    def ready(self) -> None:
        """Connect to Anymail's signal.

        :raises ImproperlyConfigured: Anymail is not installed.
        """
        try:
            signals = import_module("anymail.signals")
        except ImportError as error:
            msg = f"{self.name} needs Anymail. Run: pip install django-anymail; or take it out of INSTALLED_APPS."
            raise ImproperlyConfigured(msg) from error
        signals.tracking.connect(heed, dispatch_uid=self.name)
