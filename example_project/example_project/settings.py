"""Settings of the example project.

Without any environment everything is embedded: SQLite, a message broker made of files, mails as files. Each of them is
switched to the real service by the variable that says where it is. Everything written lies under one folder,
``example_project/var`` (``EXAMPLE_VAR_DIR``).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import django
import environ

from example_project.var_folder import prepare_folder, remembered_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = prepare_folder(Path(env.str("EXAMPLE_VAR_DIR", default="") or BASE_DIR / "var").resolve())

# --- Core -----------------------------------------------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="") or remembered_secret(VAR_DIR / "secret_key")
DEBUG = env.bool("DEBUG", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
ROOT_URLCONF = "example_project.urls"
WSGI_APPLICATION = "example_project.wsgi.application"
ASGI_APPLICATION = "example_project.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

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
    "drf_spectacular_sidecar",
    "django_report_scheduling",
    "django_report_scheduling.contrib.web_analytics",
    "tokens",
    "portal",
    "demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

# --- People ---------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "portal:overview"
LOGOUT_REDIRECT_URL = "login"
# A name of our own, so that logging in here does not log anybody out of another project on the same host.
SESSION_COOKIE_NAME = "report_scheduling_example"

# Of the users admin, manager and client; empty: one is made up and kept in the folder.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="")

# --- API ------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # The portal's session beside tokens, so that the documentation can be tried out by whoever is logged in.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "tokens.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "django_report_scheduling.api.errors.answer_error",
    # How many proxies of ours write X-Forwarded-For. With 0 it is not looked at: anybody can send one.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Report portal",
    "DESCRIPTION": (
        "Recurring reports: schedules, runs and files.\n\n"
        "Whoever is logged in to the [portal](/) can try everything out here as it is. Programs get a token from "
        "`/api/token/` and send it along: `Authorization: Bearer …`."
    ),
    "TAGS": [{"name": "token", "description": "Logging in, for programs"}],
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    # From our own static files: the documentation loads nothing from elsewhere.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": 0},
}
TOKENS = {
    # Never the SECRET_KEY. To change it, put the old one into JWT_OLD_SIGNING_KEYS until its tokens have expired.
    "SIGNING_KEYS": [
        env.str("JWT_SIGNING_KEY", default="") or remembered_secret(VAR_DIR / "jwt_signing_key"),
        *env.list("JWT_OLD_SIGNING_KEYS", default=[]),
    ],
    "ISSUER": "example_project",
    "AUDIENCE": "example_project/api",
    "ACCESS_LIFETIME": dt.timedelta(seconds=env.int("JWT_ACCESS_LIFETIME_SECONDS", default=300)),
    "REFRESH_LIFETIME": dt.timedelta(seconds=env.int("JWT_REFRESH_LIFETIME_SECONDS", default=86400)),
}
# Tries to log in are counted here. Local memory is one per process: with several, name a cache that they share.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# --- Database: DATABASE_URL -----------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "db.sqlite3")}
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Several processes share the file: without these three most concurrent writes end with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# --- Celery: CELERY_BROKER_URL --------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or "filesystem://localhost/"
EMBEDDED_BROKER = CELERY_BROKER_URL.startswith("filesystem:")
if EMBEDDED_BROKER:
    _queues = str(prepare_folder(VAR_DIR / "broker" / "queues"))
    CELERY_BROKER_TRANSPORT = "django_report_scheduling.contrib.filesystem_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": _queues,
        "data_folder_out": _queues,
        "control_folder": str(prepare_folder(VAR_DIR / "broker" / "control")),
        "polling_interval": 0.2,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {"tokens.purge": {"task": "tokens.purge", "schedule": dt.timedelta(hours=1)}}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
# Beat looks up every second, so that stopping it does not take until the next tick.
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

# --- Files: AWS_STORAGE_BUCKET_NAME ---------------------------------------------------------------------------------

MEDIA_ROOT = VAR_DIR / "media"
DOWNLOAD_URL_SECONDS = env.int("REPORT_PRESIGNED_URL_EXPIRY_SECONDS", default=3600)
_bucket = env.str("AWS_STORAGE_BUCKET_NAME", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "region_name": env.str("AWS_S3_REGION_NAME", default="us-east-1"),
            "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", default="") or None,
            "signature_version": "s3v4",
            # Servers without a host name per bucket want "path".
            "addressing_style": env.str("AWS_S3_ADDRESSING_STYLE", default="") or None,
            "default_acl": None,
            "object_parameters": {"ServerSideEncryption": "AES256"},
            "file_overwrite": False,
            "querystring_expire": DOWNLOAD_URL_SECONDS,
        },
    }
    if _bucket
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"

# --- Mail: EMAIL_URL ------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Reports <reports@example.com>")
MAIL_DIR = VAR_DIR / "mail"
MAIL_TO_FILES = not env.str("EMAIL_URL", default="")
_eml_backend = "example_project.eml_backend.EmlBackend"
if not MAIL_TO_FILES:
    vars().update(env.email_url("EMAIL_URL"))
elif django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": _eml_backend}}
else:
    EMAIL_BACKEND = _eml_backend

# --- Reports --------------------------------------------------------------------------------------------------------

_timeout = env.int("REPORT_GENERATION_TIMEOUT_SECONDS", default=300)
_delays = (60, 300, 900)
_retries = env.int("REPORT_MAX_RETRIES", default=len(_delays))

REPORT_SCHEDULING = {
    "BASE_URL": env.str("BASE_URL", default="http://127.0.0.1:8000"),
    # Every few seconds rather than every 30, so that whoever tries the demo need not wait.
    "TICK_SCHEDULE": env.float("REPORT_TICK_SECONDS", default=5.0),
    "SOFT_TIME_LIMIT": _timeout,
    "TIME_LIMIT": _timeout + 60,
    "RETRY_DELAYS": (_delays + _delays[-1:] * max(0, _retries - len(_delays)))[:_retries],
    "DOWNLOAD_URL_EXPIRY": dt.timedelta(seconds=DOWNLOAD_URL_SECONDS),
    # Of the webhooks' secrets in the database. To change it, put the old one into REPORT_OLD_SECRET_KEYS, run
    # `manage.py report_scheduling rotate-secrets`, and then take it away again.
    "SECRET_KEYS": [
        env.str("REPORT_SECRET_KEY", default="") or remembered_secret(VAR_DIR / "report_secret_key"),
        *env.list("REPORT_OLD_SECRET_KEYS", default=[]),
    ],
}

# --- Logging --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}
