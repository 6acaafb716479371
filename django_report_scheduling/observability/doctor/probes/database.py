"""The database answers."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from django.db import connections, router

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.time_limit import within


class DatabaseProbe(Probe):
    """Opens a new connection and asks for one row.

    :param seconds: how long to wait for it.
    """

    part = "database"
    fix: ClassVar[str] = (
        "Start the database server, or correct DATABASES (host, port, name, user, password) in the settings."
    )

    def __init__(self, *, seconds: float = 5) -> None:
        self._seconds = seconds

    def run(self) -> Iterable[Finding]:
        """Yield how fast it answered."""
        alias = router.db_for_write(ReportSchedule)
        started = time.monotonic()
        within(self._seconds, lambda: _ask(alias))
        milliseconds = (time.monotonic() - started) * 1000
        yield self.ok(f"{connections[alias].display_name} answers a new connection in {milliseconds:.0f} ms.")


def _ask(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
