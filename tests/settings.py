"""The host project of the test suite: SQLite unless ``TEST_DATABASE_URL`` names a server."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import environ

from tests import extras_at_hand
from tests.mail_settings import mail_settings

BASE_DIR = Path(__file__).resolve().parent
SCRATCH = Path(os.environ.get("TEST_SCRATCH") or tempfile.mkdtemp(prefix="report-scheduling-tests-"))

if extras_at_hand.EXAMPLE_TOKENS and str(extras_at_hand.EXAMPLE_FOLDER) not in sys.path:
    sys.path.append(str(extras_at_hand.EXAMPLE_FOLDER))  # its app needs its table, on every database

SECRET_KEY = "only-for-the-test-suite"
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
ROOT_URLCONF = "tests.urls"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "django_report_scheduling",
    *(["django_report_scheduling.contrib.web_analytics"] if extras_at_hand.WEB_ANALYTICS else []),
    *(["tokens"] if extras_at_hand.EXAMPLE_TOKENS else []),
]
SILENCED_SYSTEM_CHECKS = extras_at_hand.SILENCED_SYSTEM_CHECKS
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
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
    "default": environ.Env.db_url_config(os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{SCRATCH}/db.sqlite3")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.mysql":
    import pymysql

    pymysql.version_info = (2, 2, 1, "final", 0)  # Django asks for mysqlclient, which needs a compiler
    pymysql.install_as_MySQLdb()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(SCRATCH / "media"), "base_url": "/media/"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
globals().update(mail_settings("filebased", file_path=str(SCRATCH / "mail")))
DEFAULT_FROM_EMAIL = "Reports <reports@example.org>"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.BasicAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {"TITLE": "Report scheduling", "VERSION": "1", "OAS_VERSION": "3.1.1"}
TOKENS = {
    "SIGNING_KEYS": ["only-for-the-tests-of-the-tokens-of-the-example"],
    "ISSUER": "tests",
    "AUDIENCE": "tests/api",
}
CELERY_BROKER_URL = os.environ.get("TEST_BROKER_URL", "memory://")
CELERY_TASK_DEFAULT_QUEUE = os.environ.get("TEST_QUEUE", "celery")
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_PUBLISH_RETRY = False
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT = "django_report_scheduling.contrib.filesystem_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(SCRATCH / "broker"),
        "data_folder_out": str(SCRATCH / "broker"),
        "control_folder": str(SCRATCH / "broker-control"),
        "polling_interval": 0.1,
    }
REPORT_SCHEDULING = {
    "BASE_URL": "https://reports.example.org",
    "SECRET_KEYS": ["only-for-the-test-suite-" + 24 * "k"],
    "TICK_SCHEDULE": float(os.environ.get("TEST_TICK_SECONDS", "30")),
    **json.loads(os.environ.get("TEST_REPORT_SCHEDULING", "{}")),
}
