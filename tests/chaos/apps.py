"""The Django app of the chaos host: every process that starts it gets the lines at which it can be told to die."""

from __future__ import annotations

import datetime as dt

from django.apps import AppConfig

from tests.chaos.celery_app import app as celery_app

CATCH_UP_GAP = dt.timedelta(seconds=1)


class ChaosConfig(AppConfig):
    name = "tests.chaos"
    label = "chaos"
    celery_app = celery_app  # without it a ticker would publish to whatever broker Celery finds by itself

    def ready(self) -> None:
        from django_report_scheduling.services import due_slots
        from tests.chaos.named_lines import install

        install()
        # Not a setting, and a minute in production.
        assert hasattr(due_slots, "CATCH_UP_GAP"), "the gap between made-up slots has another name now"
        due_slots.CATCH_UP_GAP = CATCH_UP_GAP
