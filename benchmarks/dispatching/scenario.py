"""The rows to work on, made by SQL in seconds: accounts with ten schedules each, some of them due now.

The schedules are as different as real ones: daily, weekly and monthly, in ten zones, due within the last minutes, and
those that are due lie scattered among the others.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from django_report_scheduling.models import Account, AuditEvent, GeneratedReport, Heartbeat, ReportSchedule

PER_ACCOUNT: Final = 10
ZONES: Final = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney", "Africa/Nairobi",
)  # fmt: skip
ACCOUNT_ID: Final = "('00000000-0000-7000-8000-' || lpad(to_hex({}), 12, '0'))::uuid"
SCHEDULE_ID: Final = "('00000000-0000-7000-9000-' || lpad(to_hex({}), 12, '0'))::uuid"
DUE_WITHIN_MINUTES: Final = 20
LAST_DAY: Final = 28
"""Of a month, on which a monthly schedule may fall: after it there are daily and weekly ones alone."""
DUE_AT: Final = f"date_trunc('minute', now()) - make_interval(mins => (n / %(step)s) %% {DUE_WITHIN_MINUTES})"
LOCAL: Final = "(next_run_at AT TIME ZONE zone)"

ACCOUNTS: Final = f"""
INSERT INTO {Account._meta.db_table} (id, created_at, updated_at, name, slug, active, allowed_recipient_domains, logo,
    accent_color, locale, number_format)
SELECT {ACCOUNT_ID.format("n")}, now(), now(), 'Account ' || n, 'account-' || n, true, '["customer.example"]', '',
    '#1f4e8c', 'en', '' FROM generate_series(0, %(accounts)s - 1) AS n
"""
SCHEDULES: Final = f"""
INSERT INTO {ReportSchedule._meta.db_table} (id, created_at, updated_at, account_id, name, report_type, parameters,
    formats, frequency, day_of_week, day_of_month, time_of_day, timezone, recurrence, starts_at, recipients, state,
    state_reason, misfire_policy, misfire_grace, next_run_at, consecutive_failures, ownerless)
SELECT {SCHEDULE_ID.format("n")}, now(), now(), {ACCOUNT_ID.format(f"n / {PER_ACCOUNT}")}, 'Weekly summary ' || n,
    'benchmark', '{{"rows": 2}}', '["json"]', frequency,
    CASE WHEN frequency = 'weekly' THEN extract(isodow FROM {LOCAL}) - 1 END,
    CASE WHEN frequency = 'monthly' THEN extract(day FROM {LOCAL}) END,
    {LOCAL}::time, zone, '', now() - interval '1 year', '["client@customer.example"]', 'active', '', 'latest',
    interval '1 hour', next_run_at, 0, true
FROM (
    SELECT *,
        CASE WHEN wish = 'monthly' AND extract(day FROM {LOCAL}) > {LAST_DAY} THEN 'weekly' ELSE wish END AS frequency
    FROM (
        SELECT n, (%(zones)s::text[])[1 + n %% {len(ZONES)}] AS zone,
            (ARRAY['daily', 'weekly', 'weekly', 'weekly', 'monthly'])[1 + (n / 7) %% 5] AS wish,
            CASE WHEN n %% %(step)s = 0 AND n / %(step)s < %(due)s THEN {DUE_AT}
                ELSE date_trunc('minute', now()) + interval '1 day' + make_interval(mins => n %% 10000) END
                AS next_run_at
        FROM generate_series(0, %(total)s - 1) AS n
    ) AS wished
) AS drawn
"""
REARM: Final = f"""
UPDATE {ReportSchedule._meta.db_table} SET next_run_at = {DUE_AT}
FROM generate_series(0, %(total)s - 1, %(step)s) AS n
WHERE id = {SCHEDULE_ID.format("n")} AND n / %(step)s < %(due)s
"""
TABLES: Final = (Account, ReportSchedule, GeneratedReport, AuditEvent, Heartbeat)


def fill(*, due: int, total: int | None = None) -> None:
    """Empty the tables, then make so many schedules, of which so many are due; at least all of those.

    :param total: all schedules; as many as are due unless given.
    """
    total = max(due, total or due)
    values = _values(due, total) | {"accounts": -(-total // PER_ACCOUNT), "zones": list(ZONES)}
    _empty(*TABLES)
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, values)
        cursor.execute(SCHEDULES, values)
    _settle()


def prepare(*, due: int, total: int) -> None:
    """Make the same, or put a table that has so many schedules already back to it, which is faster."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {ReportSchedule._meta.db_table}")
        (found,) = cursor.fetchone()
    if found == total:
        rearm(due=due, total=total)
    else:
        fill(due=due, total=total)


def rearm(*, due: int, total: int) -> None:
    """Put a filled table back to where it was, without making its rows anew."""
    _empty(GeneratedReport, AuditEvent)
    with connection.cursor() as cursor:
        cursor.execute(REARM, _values(due, total))
    _settle()


def _values(due: int, total: int) -> dict[str, object]:
    return {"due": due, "total": total, "step": max(1, total // due) if due else total + 1}


def _empty(*models: type) -> None:
    names = ", ".join(model._meta.db_table for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")


def _settle() -> None:
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
