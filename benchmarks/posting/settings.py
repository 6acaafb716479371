"""The host project of the benchmark: webhooks on PostgreSQL and Redis, real defaults, one receiver for every name."""

from __future__ import annotations

import os

from benchmarks.dispatching.urls import database_settings

SECRET_KEY = "only-for-the-benchmark"
USE_TZ = True
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
    "django_report_scheduling",
]
DATABASES = {"default": {**database_settings(os.environ["BENCHMARK_DATABASE_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
CELERY_DB_REUSE_MAX = 1000
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
SILENCED_SYSTEM_CHECKS = ["report_scheduling.W102"]
REPORT_SCHEDULING = {
    "SECRET_KEYS": ["only-for-the-benchmark-" + 24 * "k"],
    "CHANNELS": {
        "email": {"BACKEND": "django_report_scheduling.delivery.email.EmailChannel"},
        "webhook": {"BACKEND": "benchmarks.posting.channel.LocalChannel"},
    },
}
