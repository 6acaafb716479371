"""What is due has become reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.services.clock import database_now

TOLERANCE = dt.timedelta(minutes=5)


class DueProbe(Probe):
    """Looks for schedules whose slot has passed without a tick taking notice."""

    part = "due schedules"
    requires = ("database", "migrations")

    def run(self) -> Iterable[Finding]:
        """Yield how late the oldest is."""
        now = database_now()
        late = ReportSchedule.objects.due(now=now - TOLERANCE)
        oldest = late.first()
        if oldest is None or oldest.next_run_at is None:
            yield self.ok("No schedule is waiting for a tick.")
            return
        minutes = (now - oldest.next_run_at).total_seconds() / 60
        yield self.fail(
            f"{late.count()} schedules are due and not expanded; “{oldest.name}” ({oldest.pk}) for {minutes:.0f} min.",
            fix="Run one tick and look at what it says: python manage.py report_scheduling tick — then see to beat.",
        )
