"""A host with ten million permissions, and the plan by which PostgreSQL finds what one person may see."""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from django.db import connection

from benchmarks.dispatching import servers
from benchmarks.dispatching.command_line import DATABASE_URL
from benchmarks.serving.command_line import host

DATABASE = f"report_scheduling_permissions_benchmark_{os.getpid()}"
ROUNDS = 11
PAGE = 51
"""Rows of a page, and one more, which tells whether there is another page."""
MANAGER, GROUP = 1_000_001, 1_000_001
KEY = "(left(md5('{name}'), 20) || lpad(to_hex({number}), 12, '0'))::uuid"
HELD = "(SELECT id FROM auth_permission WHERE codename IN ('manage_reports', 'view_reports')) AS p"

PEOPLE = """
INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
                       date_joined)
SELECT n, '', false, 'user-' || n, '', '', 'user-' || n || '@people.example', false, true, now()
FROM generate_series(1, {users}) AS n UNION ALL
SELECT {manager}, '', false, 'manager', '', '', 'manager@people.example', false, true, now()
ON CONFLICT DO NOTHING;
INSERT INTO auth_group (id, name) SELECT n, 'group-' || n FROM generate_series(1, {users} / 10) AS n
UNION ALL SELECT {group}, 'the manager''s';
INSERT INTO auth_user_groups (user_id, group_id)
SELECT n, n % ({users} / 10) + 1 FROM generate_series(1, {users}) AS n UNION ALL SELECT {manager}, {group};
"""
ACCOUNTS = """
INSERT INTO report_scheduling_account (id, name, slug, active, allowed_recipient_domains, logo, accent_color, locale,
                                       number_format, created_at, updated_at)
SELECT {account_n}, 'Account ' || n, 'account-' || n, true, '[]', '', '#000000', 'en', '', now(), now()
FROM generate_series(1, {accounts}) AS n;
INSERT INTO report_scheduling_reportschedule (id, account_id, name, report_type, parameters, formats, frequency,
  day_of_week, time_of_day, timezone, recurrence, starts_at, recipients, state, state_reason, misfire_policy,
  misfire_grace, next_run_at, consecutive_failures, ownerless, created_at, updated_at)
SELECT {schedule_n}, {account_of_schedule}, 'Weekly ' || n, 'sample', '{{}}', '["pdf"]', 'weekly', 0, '08:00',
  'Europe/Berlin', '', now(), '["client@customer.example"]', 'active', '', 'latest', '1 hour',
  now() + n * interval '1 second', 0, true, now(), now()
FROM generate_series(1, {accounts}::bigint * 10) AS n;
"""
PERMISSIONS = """
INSERT INTO report_scheduling_accountuserpermission (content_object_id, permission_id, user_id)
SELECT {account_n}, p.id, u FROM generate_series(1, {users}) AS u, generate_series(1, 90) AS k,
  LATERAL (SELECT (u * 31 + k * 997) % {accounts} + 1 AS n) AS a, {held} ON CONFLICT DO NOTHING;
INSERT INTO report_scheduling_accountgrouppermission (content_object_id, permission_id, group_id)
SELECT {account_n}, p.id, g FROM generate_series(1, {users} / 10) AS g, generate_series(1, 100) AS k,
  LATERAL (SELECT (g * 37 + k * 991) % {accounts} + 1 AS n) AS a, {held} ON CONFLICT DO NOTHING;
INSERT INTO report_scheduling_accountuserpermission (content_object_id, permission_id, user_id)
SELECT {account_n}, p.id, {manager} FROM generate_series(1, 150) AS k,
  LATERAL (SELECT k * ({accounts} / 200) AS n) AS a, {held};
INSERT INTO report_scheduling_accountgrouppermission (content_object_id, permission_id, group_id)
SELECT {account_n}, p.id, {group} FROM generate_series(151, 200) AS k,
  LATERAL (SELECT k * ({accounts} / 200) AS n) AS a, {held};
"""


def main(description: str, arguments: Sequence[str] | None = None) -> int:
    """Fill, measure and print; returns the exit code: 2 when something that is needed is missing."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the rows: does everything work?")
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL") or DATABASE_URL,
        help="any database on the PostgreSQL server; default: DATABASE_URL, or %(default)s")  # fmt: skip
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("Stopped."))
    try:
        servers.require("psycopg", extra="bench-api")
        with servers.database(options.database_url, DATABASE) as url, host(url):
            _fill(accounts=1_000 if options.quick else 100_000)
            _measure()
    except servers.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


def _fill(*, accounts: int) -> None:
    names = {
        "accounts": accounts,
        "users": accounts // 2,
        "manager": MANAGER,
        "group": GROUP,
        "held": HELD,
        "account_n": KEY.format(name="account", number="n"),
        "schedule_n": KEY.format(name="schedule", number="n"),
        "account_of_schedule": KEY.format(name="account", number=f"(n * 7919) % {accounts} + 1"),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # spares ten million checks of foreign keys
        for statements in (PEOPLE, ACCOUNTS, PERMISSIONS):
            cursor.execute(statements.format(**names))
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        for table in ("account", "reportschedule", "accountuserpermission", "accountgrouppermission"):
            cursor.execute(f"SELECT count(*) FROM report_scheduling_{table}")
            print(f"{table:<24}{cursor.fetchone()[0]:>12,}")


def _measure() -> None:
    from django.contrib.auth.models import User  # noqa: PLC0415 - names models, so after django.setup()

    from django_report_scheduling.access.visibility import visible_schedules, with_management  # noqa: PLC0415 - as above

    manager = User.objects.get(pk=MANAGER)
    page = with_management(visible_schedules(manager), manager).select_related("account").order_by("-pk")[:PAGE]
    assert len(page) == PAGE
    plans = [json.loads(page.explain(format="json", analyze=True))[0] for _round in range(ROUNDS)]
    print(page.explain(analyze=True, costs=False, timing=False, summary=False))
    execution, planning = _median(plans, "Execution Time"), _median(plans, "Planning Time")
    print(f"\nMedian of {ROUNDS}: {execution:.1f} ms, and {planning:.1f} ms to plan.")


def _median(plans: Sequence[dict[str, Any]], name: str) -> float:
    return statistics.median(float(plan[name]) for plan in plans)
