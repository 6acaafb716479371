"""The least that the database must do: one statement a batch, nothing computed, no row sent over the wire.

It locks the due schedules (passing over those that others hold), moves each on by a fixed interval, and inserts the
row of the report and the row of the audit event, with every index and constraint of the real tables in place. No code
can be faster than this; what the package takes on top is the price of real calendars, checks and objects.
"""

from __future__ import annotations

import time
from typing import Final

from django.db import connection

from benchmarks.dispatching import scenario
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule

BOUND: Final = f"""
WITH due AS (
    SELECT * FROM {ReportSchedule._meta.db_table}
    WHERE state = 'active' AND next_run_at <= now() ORDER BY next_run_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE {ReportSchedule._meta.db_table} AS schedule
    SET next_run_at = due.next_run_at + interval '7 days', updated_at = now()
    FROM due WHERE schedule.id = due.id
), made AS (
    INSERT INTO {GeneratedReport._meta.db_table} (id, created_at, updated_at, schedule_id, account_id, report_type,
        parameters, formats, frequency, timezone, trigger, slot, period_start, period_end, status, status_reason,
        task_id, attempt, failures, rescues, wake_at, error_code, error_message)
    SELECT gen_random_uuid(), now(), now(), id, account_id, report_type, parameters, formats, frequency, timezone,
        'schedule', next_run_at, next_run_at - interval '7 days', next_run_at, 'pending', '', gen_random_uuid()::text,
        0, 0, 0, now(), '', '' FROM due
    ON CONFLICT DO NOTHING RETURNING id, schedule_id, account_id, slot
)
INSERT INTO {AuditEvent._meta.db_table} (id, at, verb, object_type, object_id, schedule_id, account_id, data)
SELECT gen_random_uuid(), now(), 'report.pending', 'generatedreport', id::text, schedule_id, account_id::text,
    jsonb_build_object('slot', slot) FROM made
"""


def run(*, due: int, total: int, batch: int) -> dict[str, float]:
    """Measure the statement over so many due schedules; the first batch only warms up.

    :returns: ``rate``, schedules a second.
    """
    scenario.prepare(due=due, total=total)
    _statement(batch)
    start = time.perf_counter()
    done = 0
    while made := _statement(batch):
        done += made
    return {"rate": done / (time.perf_counter() - start)}


def _statement(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BOUND, [batch])
        return int(cursor.rowcount)
