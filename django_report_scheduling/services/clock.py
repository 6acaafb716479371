"""The one clock that several machines share: the database's."""

from __future__ import annotations

import datetime as dt

from django.db import connections, router

from django_report_scheduling.models import ReportSchedule


def database_now() -> dt.datetime:
    """Return the database's current time, aware, in UTC.

    Ticks and workers on machines whose clocks differ agree on it, which due times and leases need.
    """
    connection = connections[router.db_for_write(ReportSchedule)]
    sql = {
        "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
        "mysql": "SELECT UTC_TIMESTAMP(6)",
        "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    }.get(connection.vendor, "SELECT CURRENT_TIMESTAMP")
    with connection.cursor() as cursor:
        cursor.execute(sql)
        (value,) = cursor.fetchone()
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
