"""What one writes first: a loop over the due schedules, one transaction each, then ``delay()``.

Fair to it: the same models, the same arithmetic, one audit event for each report (the package writes two: made and
queued), the account fetched along; and no lock, no mark before publishing, no limit, which the package all has.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction

from benchmarks.dispatching import queue, scenario
from benchmarks.dispatching.app import TASK, app
from benchmarks.dispatching.meter import measured
from django_report_scheduling.choices import Trigger
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.recurrence import next_slot, period_for
from django_report_scheduling.services.clock import database_now

WARM_UP = 100


def run(*, due: int) -> dict[str, float]:
    """Measure the loop from due schedules to messages in the queue."""
    queue.empty()
    scenario.fill(due=min(due, WARM_UP))
    loop(database_now())
    queue.empty()
    scenario.fill(due=due)
    with measured() as cost:
        loop(database_now())
    queue.expect(due)
    queue.empty()
    return asdict(cost)


def loop(now: dt.datetime) -> None:
    """Make a report of every due schedule, move the schedule on, and send the report to a worker."""
    task = app.tasks[TASK]
    for schedule in ReportSchedule.objects.due(now=now).select_related("account"):
        with transaction.atomic():
            report = make_report(schedule, now)
            schedule.save(update_fields=["next_run_at", "updated_at"])
        task.delay(str(report.pk), report.attempt)


def make_report(schedule: ReportSchedule, now: dt.datetime) -> GeneratedReport:
    """Save the report of a schedule's slot and its audit event, and set the schedule's next slot."""
    recurrence, slot = schedule.as_recurrence(), schedule.next_run_at
    assert slot is not None
    period = period_for(recurrence, slot=slot)
    report = GeneratedReport.objects.create(
        schedule=schedule,
        account=schedule.account,
        report_type=schedule.report_type,
        parameters=schedule.parameters,
        formats=schedule.formats,
        frequency=schedule.frequency,
        timezone=schedule.timezone,
        trigger=Trigger.SCHEDULE,
        slot=slot,
        period_start=period.start,
        period_end=period.end,
        wake_at=now,
    )
    AuditEvent.objects.create(
        at=now,
        verb="report.pending",
        object_type="generatedreport",
        object_id=str(report.pk),
        schedule_id=schedule.pk,
        account_id=str(schedule.account_id),
        data={"slot": slot.isoformat()},
    )
    schedule.next_run_at = next_slot(recurrence, after=now)
    return report
