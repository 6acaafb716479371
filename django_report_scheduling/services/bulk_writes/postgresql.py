"""Storing on PostgreSQL: one statement for all reports of a batch and their record, one for all its schedules.

A batch travels as one JSON document, which spares this process the binding of every single value, and
the database copies what the schedule's row holds already. Columns are those of the models, by whatever names.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

import uuid_utils
from django.db import connections, models, router

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.due_slots import Expansion

COPIED: Final = ("account", "report_type", "parameters", "formats", "frequency")
"""What a report freezes of its schedule's row."""
NEW: Final = """
    SELECT * FROM json_to_recordset(%(new)s::json) AS new(
        id uuid, event uuid, schedule uuid, slot text, period_start timestamptz, period_end timestamptz,
        timezone text, status text, reason text, code text, message text,
        delay interval)
"""
OWN: Final[dict[str, str]] = {
    "id": "new.id",
    "schedule": "new.schedule",
    "slot": "new.slot::timestamptz",
    "period_start": "new.period_start",
    "period_end": "new.period_end",
    "timezone": "new.timezone",
    "status": "new.status",
    "status_reason": "new.reason",
    "error_code": "new.code",
    "error_message": "new.message",
    "task_id": "gen_random_uuid()::text",
    "trigger": "%(trigger)s",
    "created_at": "%(now)s",
    "updated_at": "%(now)s",
    "wake_at": "CASE WHEN new.status = %(pending)s THEN %(now)s + new.delay END",
    "finished_at": "CASE WHEN new.status <> %(pending)s THEN %(now)s END",
    "expires_at": "CASE WHEN new.status <> %(pending)s THEN %(expires)s END",
}
"""Column of a new report, by field, and where its value comes from; the others have their defaults."""
OBJECT_TYPE: Final = {"object_type": str(GeneratedReport._meta.model_name)}
EVENT: Final[dict[str, str]] = {
    "id": "new.event",
    "at": "%(now)s",
    "verb": "'report.' || new.status",
    "object_type": "%(object_type)s",
    "object_id": "new.id::text",
    "schedule_id": "new.schedule",
    "account_id": "made.account::text",
    "data": "jsonb_build_object('slot', new.slot)",
}

EVENT_OF_MARKED: Final = EVENT | {
    "id": "marked.event",
    "verb": "'report.queued'",
    "object_id": "marked.id::text",
    "schedule_id": "marked.schedule",
    "account_id": "marked.account::text",
    "data": "'{}'",
}


def store_reports(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    """Add the report of every slot that has none yet, and its line in the record."""
    copied = {name: f"schedule.{_column(ReportSchedule, name)}" for name in COPIED}
    report_columns, report_values = _insertion(GeneratedReport, OWN | copied)
    event_columns, event_values = _insertion(AuditEvent, EVENT)
    statement = f"""
        WITH new AS ({NEW}), made AS (
            INSERT INTO {_table(GeneratedReport)} ({report_columns})
            SELECT {report_values}
            FROM new
            JOIN {_table(ReportSchedule)} AS schedule ON schedule.{_column(ReportSchedule, "id")} = new.schedule
            ON CONFLICT DO NOTHING
            RETURNING {_column(GeneratedReport, "id")} AS id, {_column(GeneratedReport, "account")} AS account
        )
        INSERT INTO {_table(AuditEvent)} ({event_columns})
        SELECT {event_values} FROM made JOIN new ON new.id = made.id
    """  # noqa: S608  # names of our own columns; every value is bound
    values = {
        "new": json.dumps([*_documents(expansions)]),
        "now": now,
        "expires": now + conf.RETENTION,
        "pending": ReportStatus.PENDING.value,
        "trigger": Trigger.SCHEDULE.value,
    }
    _execute(statement, values | OBJECT_TYPE | _defaults(GeneratedReport) | _defaults(AuditEvent))


def store_schedules(schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> None:
    """Store the state and the next run of schedules."""
    column = partial(_column, ReportSchedule)
    statement = f"""
        UPDATE {_table(ReportSchedule)} AS schedule
        SET {column("next_run_at")} = new.next_run_at, {column("state")} = new.state,
            {column("state_reason")} = new.reason, {column("updated_at")} = %(now)s
        FROM json_to_recordset(%(new)s::json) AS new(id uuid, next_run_at timestamptz, state text, reason text)
        WHERE schedule.{column("id")} = new.id
    """  # noqa: S608  # names of our own columns; every value is bound
    new = [
        {
            "id": str(schedule.pk),
            "next_run_at": schedule.next_run_at and schedule.next_run_at.isoformat(),
            "state": schedule.state,
            "reason": schedule.state_reason,
        }
        for schedule in schedules
    ]
    _execute(statement, {"new": json.dumps(new), "now": now})


def mark_queued(report_ids: Sequence[Any], *, wake_at: dt.datetime, now: dt.datetime) -> None:
    """Mark reports as handed out, each with its line in the record."""
    column = partial(_column, GeneratedReport)
    event_columns, event_values = _insertion(AuditEvent, EVENT_OF_MARKED)
    statement = f"""
        WITH new AS (SELECT * FROM json_to_recordset(%(new)s::json) AS new(id uuid, event uuid)), marked AS (
            UPDATE {_table(GeneratedReport)} AS report
            SET {column("status")} = %(queued)s, {column("wake_at")} = %(wake_at)s,
                {column("queued_at")} = %(now)s, {column("updated_at")} = %(now)s
            FROM new
            WHERE report.{column("id")} = new.id
            RETURNING report.{column("id")} AS id, report.{column("schedule")} AS schedule,
                report.{column("account")} AS account, new.event AS event
        )
        INSERT INTO {_table(AuditEvent)} ({event_columns}) SELECT {event_values} FROM marked
    """  # noqa: S608  # names of our own columns; every value is bound
    new = [{"id": str(key), "event": str(uuid_utils.uuid7())} for key in report_ids]
    values = {"new": json.dumps(new), "now": now, "wake_at": wake_at, "queued": ReportStatus.QUEUED.value}
    _execute(statement, values | OBJECT_TYPE | _defaults(AuditEvent))


def _documents(expansions: Sequence[Expansion]) -> Iterator[dict[str, str]]:
    for expansion in expansions:
        schedule = str(expansion.schedule.pk)
        for made in expansion.reports:
            code, message = made.error or ("", "")
            yield {
                "id": str(uuid_utils.uuid7()),
                "event": str(uuid_utils.uuid7()),
                "schedule": schedule,
                "slot": made.slot.isoformat(),
                "period_start": made.period.start.isoformat(),
                "period_end": made.period.end.isoformat(),
                "timezone": made.timezone,
                "status": made.status,
                "reason": made.reason,
                "code": code,
                "message": message,
                "delay": f"{made.delay.total_seconds()} seconds",
            }


def _insertion(model: type[models.Model], values: Mapping[str, str]) -> tuple[str, str]:
    """The columns of an INSERT and the values for them: those given, by field, and the defaults of the others."""
    sources = {name: f"%({name})s" for name in _defaults(model)} | dict(values)
    return ", ".join(_column(model, name) for name in sources), ", ".join(sources.values())


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """What a new row has in the fields that no statement here mentions, by field; empty fields are left out."""
    mentioned = {**OWN, **EVENT, **dict.fromkeys(COPIED)}
    fields = [field for field in model._meta.concrete_fields if field.name not in mentioned and not field.generated]
    connection = connections[_alias()]
    defaults = {field.name: field.get_db_prep_save(field.get_default(), connection) for field in fields}
    return {name: value for name, value in defaults.items() if value is not None}


def _table(model: type[models.Model]) -> str:
    return connections[_alias()].ops.quote_name(model._meta.db_table)


def _column(model: type[models.Model], field: str) -> str:
    return connections[_alias()].ops.quote_name(cast("Any", model._meta.get_field(field)).column)


def _alias() -> str:
    return router.db_for_write(ReportSchedule)


def _execute(statement: str, values: Mapping[str, Any]) -> None:
    with connections[_alias()].cursor() as cursor:
        cursor.execute(statement, values)
