"""The host project of the benchmark: the API on PostgreSQL, files on disk, tokens of Django REST framework."""

from __future__ import annotations

import os

from benchmarks.dispatching.urls import database_settings

SECRET_KEY = "only-for-the-benchmark"
USE_TZ = True
TIME_ZONE = "UTC"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.serving.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
    "rest_framework",
    "rest_framework.authtoken",
    "django_report_scheduling",
    "django_report_scheduling.contrib.web_analytics",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {"default": {**database_settings(os.environ["BENCHMARK_DATABASE_URL"]), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": os.environ["BENCHMARK_FILES"]},
    }
}
CELERY_BROKER_URL = "memory://"
SILENCED_SYSTEM_CHECKS = ["report_scheduling.W102"]
