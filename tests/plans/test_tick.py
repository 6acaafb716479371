"""No query of a tick reads a whole table, however many schedules and reports there are: asked of PostgreSQL itself."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks.tick import TickResult, run_tick
from tests.factories import NOW
from tests.plans.big_tables import BIG, analyze, fill, make_due
from tests.plans.multiplication import Plan, nodes

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="These are the plans of PostgreSQL."),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sample_report", "broker"),
]

DUE = 50
BIG_TABLES = {model._meta.db_table for model in BIG}
FOUND_BY = {"rs_schedule_due", "rs_report_wake", "rs_delivery_wake"}
"""Partial indexes of what may be due, whatever else there is."""
Statement = tuple[str, Any]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes everything."""

    def publish(messages: list[Message]) -> int:
        return len(messages)

    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_reports", publish)
    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_deliveries", publish)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Everything that is sent to the database in the block, with its values."""
    sent: list[Statement] = []

    def keep(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Any) -> Any:
        sent.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(keep):
        yield sent


def plan_of(statement: Statement) -> Plan:
    sql, values = statement
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        (plans,) = cursor.fetchone()
    plans = json.loads(plans) if isinstance(plans, str) else plans
    return dict(plans[0]["Plan"])


def plans_of_a_tick(now: dt.datetime) -> tuple[TickResult, list[tuple[str, list[Plan]]]]:
    """Run a tick; return what it did, and each of its queries with its plan."""
    with statements() as sent:
        result = run_tick(clock=lambda: now)
    queries = [each for each in sent if each[0].split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE", "WITH"}]
    return result, [(sql, nodes(plan_of((sql, values)))) for sql, values in queries]


def scans_of_whole_tables(plans: list[tuple[str, list[Plan]]]) -> list[str]:
    return [
        f"{node['Relation Name']}: {sql}"
        for sql, parts in plans
        for node in parts
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG_TABLES
    ]


def indexes(plans: list[tuple[str, list[Plan]]]) -> set[str]:
    return {node["Index Name"] for _sql, parts in plans for node in parts if "Index Name" in node}


def test_no_query_of_a_tick_reads_a_big_table_as_a_whole(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"TICK_BATCH_SIZE": DUE // 2}
    fill()
    analyze()
    whole = [(table, nodes(plan_of((f"TABLE {table}", None)))) for table in BIG_TABLES]
    assert len(scans_of_whole_tables(whole)) == len(BIG_TABLES)

    idle, idle_plans = plans_of_a_tick(NOW)

    assert idle == TickResult(expanded=0, rescued=0, published=0, unpublished=0)
    assert scans_of_whole_tables(idle_plans) == []
    assert indexes(idle_plans) >= FOUND_BY

    make_due(DUE)
    analyze()

    busy, busy_plans = plans_of_a_tick(NOW)

    assert (busy.expanded, busy.rescued) == (DUE, DUE // 10 * 3)
    assert busy.published > DUE
    assert scans_of_whole_tables(busy_plans) == []
    assert indexes(busy_plans) >= FOUND_BY
