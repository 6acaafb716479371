"""The tables are those that the code expects."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe


class MigrationsProbe(Probe):
    """Compares the migrations of every installed app with those that the database has seen."""

    part = "migrations"
    requires = ("database",)
    fix = "Run: python manage.py migrate"

    def run(self) -> Iterable[Finding]:
        """Yield which ones are missing."""
        executor = MigrationExecutor(connections[router.db_for_write(ReportSchedule)])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        missing = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
        if missing:
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            yield self.fail(f"Not applied: {', '.join(missing[:5])}{more}.", fix=self.fix)
        else:
            yield self.ok("All migrations are applied.")
