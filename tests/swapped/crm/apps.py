"""The app of the customers."""

from __future__ import annotations

from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "tests.swapped.crm"
    label = "crm"
