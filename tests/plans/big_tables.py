"""A host that has grown: a million schedules, and what three months of reports have left behind."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportSchedule
from tests.factories import NOW, AccountFactory, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory
from tests.plans.multiplication import multiply, numbered

ACCOUNTS, SCHEDULES, REPORTS = 10_000, 1_000_000, 300_000
BIG = (ReportSchedule, GeneratedReport, Delivery, AuditEvent)
ACCOUNT = numbered("account", f"n %% {ACCOUNTS} + 1")
SOON = NOW + dt.timedelta(days=7)


@transaction.atomic
def fill() -> None:
    """Make the tables big; nothing in them is due."""
    _trust_the_keys()
    multiply(AccountFactory(), ACCOUNTS, id=numbered("account", "n"), slug="'copy-' || n")
    schedule = ReportScheduleFactory(next_run_at=SOON)
    multiply(
        schedule,
        SCHEDULES,
        id=numbered("schedule", "n"),
        account_id=ACCOUNT,
        next_run_at="original.next_run_at + n * interval '1 second'",
        state="CASE n %% 10 WHEN 0 THEN 'paused' ELSE 'active' END",
    )
    report = GeneratedReportFactory(schedule=schedule, succeeded=True, expires_at=SOON)
    past = "original.slot - n * interval '20 seconds'"
    multiply(
        report,
        REPORTS,
        id=numbered("report", "n"),
        account_id=ACCOUNT,
        schedule_id=numbered("schedule", "n"),
        slot=past,
        queued_at=past,
        task_id="'copy-' || n",
    )
    delivery = DeliveryFactory(report=report, status="sent", sent_at=NOW, wake_at=None)
    multiply(delivery, REPORTS, id="gen_random_uuid()", report_id=numbered("report", "n"), queued_at="original.sent_at")
    event = AuditEvent.objects.create(at=NOW, verb="report.succeeded", object_type="generatedreport", object_id="1")
    multiply(
        event,
        REPORTS,
        id="gen_random_uuid()",
        object_id=f"{numbered('report', 'n')}::text",
        schedule_id=numbered("schedule", "n"),
    )


def _trust_the_keys() -> None:
    """Spare a million checks of foreign keys, which take as long as the rows, where the test's user may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        if cursor.fetchone()[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")


def analyze() -> None:
    """Let the planner know the tables, as autovacuum would."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_due(count: int) -> None:
    """Let some of everything that a tick looks for come due: so many of the common, a tenth of the rare."""
    handed_out = NOW - dt.timedelta(hours=1)
    for _number in range(count):
        ReportScheduleFactory(next_run_at=NOW)
        GeneratedReportFactory()
    for _number in range(count // 10):
        GeneratedReportFactory(queued=True, queued_at=handed_out, wake_at=NOW)
        GeneratedReportFactory(running=True, wake_at=NOW)
        GeneratedReportFactory(running=True, wake_at=NOW, rescues=3)
        done = GeneratedReportFactory(succeeded=True)
        DeliveryFactory(report=done)
        DeliveryFactory(report=done, target="b@customer.example", attempt=1, status="sending")
        DeliveryFactory(report=done, target="c@customer.example", queued_at=handed_out)
