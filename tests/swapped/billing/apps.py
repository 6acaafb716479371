"""An app that refers to the account, whichever it is."""

from __future__ import annotations

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "tests.swapped.billing"
    label = "billing"
