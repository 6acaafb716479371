"""Settings of the second host. ``SWAPPED_*`` variables choose between its variants."""

from __future__ import annotations

import os

from tests.extras_at_hand import SILENCED_SYSTEM_CHECKS as SILENCED
from tests.mail_settings import mail_settings

SECRET_KEY = "only-for-the-test-suite"
ALLOWED_HOSTS = ["localhost"]
USE_TZ = True
ROOT_URLCONF = "tests.urls"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HOST_APPS = os.environ.get("SWAPPED_HOST_APPS", "tests.swapped.crm").split(",")
PACKAGE = ["guardian", "django_report_scheduling"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    *([*HOST_APPS, *PACKAGE] if os.environ.get("SWAPPED_ORDER") == "host first" else [*PACKAGE, *HOST_APPS]),
]
SILENCED_SYSTEM_CHECKS = SILENCED
if "SWAPPED_ACCOUNT_MODEL" in os.environ:
    REPORT_SCHEDULING_ACCOUNT_MODEL = os.environ["SWAPPED_ACCOUNT_MODEL"]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SWAPPED_DATABASE", ":memory:"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
globals().update(mail_settings("locmem"))
MIGRATION_MODULES = (
    {"billing": os.environ["SWAPPED_BILLING_MIGRATIONS"]} if "SWAPPED_BILLING_MIGRATIONS" in os.environ else {}
)
