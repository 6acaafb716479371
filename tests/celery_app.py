"""The Celery app of the test host, for workers that run as processes of their own."""

from __future__ import annotations

import os

from celery import Celery

from django_report_scheduling.reports import register
from tests.sample_report import SampleReport
from tests.waiting_report import WaitingReport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

app = Celery("tests")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

register(SampleReport)
register(WaitingReport)
