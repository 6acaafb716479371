"""The host project of the benchmark: the package and django-celery-beat on PostgreSQL, the real defaults.

One limit is lifted: ``MAX_QUEUED``, because nothing takes the messages while 100,000 of them are published. The limit
per account stays at its default and costs what it costs: an account has at most ten schedules, as it has by default.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

from benchmarks.dispatching.urls import database_settings

SECRET_KEY = "only-for-the-benchmark"
USE_TZ = True
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
    "django_report_scheduling",
    *(["django_celery_beat"] if find_spec("django_celery_beat") else []),
]
DATABASES = {"default": {**database_settings(os.environ["BENCHMARK_DATABASE_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
SILENCED_SYSTEM_CHECKS = ["report_scheduling.W102"]
REPORT_SCHEDULING = {"MAX_QUEUED": 10_000_000}
