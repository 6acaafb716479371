"""SQLite is set up for more than one process."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, router

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.shared_with_checks import SQLITE_OPTIONS


class SqliteProbe(Probe):
    """Asks SQLite for its journal mode; the transaction mode is a system check."""

    part = "sqlite"
    requires = ("database",)

    def run(self) -> Iterable[Finding]:
        """Yield whether readers and writers get into each other's way."""
        alias = router.db_for_write(ReportSchedule)
        connection = connections[alias]
        if connection.vendor != "sqlite":
            yield self.skip(f"Not used; the database is {connection.display_name}.")
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            (mode,) = cursor.fetchone()
        if mode in {"wal", "memory"}:
            yield self.ok(f"The journal mode is {mode}.")
        else:
            yield self.warn(
                f"The journal mode is {mode}: whoever reads keeps others from writing.",
                fix=f'Set DATABASES["{alias}"]["OPTIONS"] = {SQLITE_OPTIONS}.',
            )
