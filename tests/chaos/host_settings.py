"""The host that is attacked: real components, and waits of seconds where a production host has minutes.

Where its servers are, the harness says in the environment.
"""

from __future__ import annotations

import os
from pathlib import Path

import environ

from tests.chaos.servers.names import AUTHORITY
from tests.local_webhooks import local_webhooks
from tests.mail_settings import mail_settings

FOLDER = Path(os.environ["CHAOS_FOLDER"])

SECRET_KEY = "only-for-the-chaos-suite"
USE_TZ = True
TIME_ZONE = "UTC"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "guardian",
    "django_report_scheduling",
    "tests.chaos",
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "tests.chaos.urls"
DATABASES = {
    "default": {
        **environ.Env.db_url_config(os.environ["CHAOS_DATABASE_URL"]),
        "OPTIONS": {"connect_timeout": 5},
    }
}
STORAGES = {
    "default": {
        "BACKEND": "tests.chaos.faulty_storage.FaultyStorage",
        "OPTIONS": {"location": str(FOLDER / "media"), "run": str(FOLDER)},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEFAULT_FROM_EMAIL = "Reports <reports@example.org>"
globals().update(mail_settings("smtp", host="127.0.0.1", port=int(os.environ["CHAOS_SMTP_PORT"]), timeout=5))

CELERY_BROKER_URL = os.environ["CHAOS_BROKER_URL"]
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_DB_REUSE_MAX = 1000  # as the operations page advises, and the harder case when the database goes away

REPORT_SCHEDULING = {
    "BASE_URL": "https://reports.example.org",
    "SECRET_KEYS": ["only-for-the-chaos-suite-" + 24 * "k"],
    "CHANNELS": {
        "email": {"BACKEND": "django_report_scheduling.delivery.email.EmailChannel"},
        "webhook": local_webhooks(int(os.environ["CHAOS_WEBHOOK_PORT"]), FOLDER / AUTHORITY),
    },
    "WEBHOOK_RETRY_DELAYS": (1, 2, 4, 8),
    "TICK_SCHEDULE": 1.0,
    "LEASE": 8,
    "LEASE_RENEWAL": 2,
    "MESSAGE_TIMEOUT": 5,
    "RETRY_DELAYS": (1, 2, 4),
    "DELIVERY_RETRY_DELAYS": (1, 2, 4, 8),
    "SOFT_TIME_LIMIT": 30,
    "TIME_LIMIT": 40,
}
