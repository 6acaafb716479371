"""What the package needs from the project's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django's name for it
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.shared_with_checks import SQLITE_OPTIONS


def check_time_zone_support(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E013: Django keeps local times without their zone."""
    if settings.USE_TZ:
        return []
    return [
        Error(
            "USE_TZ is False, so the database keeps times without their zone and schedules run at the wrong hour.",
            hint="Set USE_TZ = True.",
            id="report_scheduling.E013",
        )
    ]


def check_sqlite(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W001: SQLite as Django sets it up gives "database is locked" as soon as two processes write."""
    alias = router.db_for_write(ReportSchedule)
    connection = connections[alias]
    if connection.vendor != "sqlite" or _in_memory(connection) or _mode(connection) == "IMMEDIATE":
        return []
    return [
        Warning(
            f'DATABASES["{alias}"] is SQLite without IMMEDIATE transactions: '
            f"a tick and a worker at the same time fail with “database is locked”.",
            hint=f'Set DATABASES["{alias}"]["OPTIONS"] = {SQLITE_OPTIONS}.',
            id="report_scheduling.W001",
        )
    ]


def _mode(connection: BaseDatabaseWrapper) -> str:
    return str(connection.settings_dict.get("OPTIONS", {}).get("transaction_mode")).upper()


def _in_memory(connection: Any) -> bool:
    return bool(connection.is_in_memory_db())
