"""No list of one person's rows reads a whole table, however many rows and permissions others have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model, QuerySet

from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission
from django_report_scheduling.access.roles import grant
from django_report_scheduling.access.visibility import visible_reports, visible_schedules, with_management
from django_report_scheduling.choices import Role
from django_report_scheduling.models import CalendarFeed, GeneratedReport, ReportSchedule
from django_report_scheduling.services.calendar_feeds.events import AHEAD, soonest_schedules
from tests.factories import NOW, AccountFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory
from tests.plans.big_tables import analyze
from tests.plans.multiplication import multiply, nodes, numbered

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="These are the plans of PostgreSQL."),
    pytest.mark.django_db,
]

ACCOUNTS, EACH, OTHERS = 2_000, 10, 20
BIG_TABLES = {
    model._meta.db_table for model in (ReportSchedule, GeneratedReport, AccountUserPermission, AccountGroupPermission)
}
ACCOUNT = numbered("account", f"n %% {ACCOUNTS} + 1")


@pytest.fixture
def host() -> None:
    """Each account has ten schedules and reports, and twenty people and groups who may see it."""
    multiply(AccountFactory(), ACCOUNTS, id=numbered("account", "n"), slug="'copy-' || n")
    report = GeneratedReportFactory(schedule=ReportScheduleFactory(), succeeded=True)
    rows = ACCOUNTS * EACH
    multiply(report.schedule, rows, id=numbered("schedule", "n"), account_id=ACCOUNT)
    multiply(
        report,
        rows,
        id=numbered("report", "n"),
        account_id=ACCOUNT,
        schedule_id=numbered("schedule", "n"),
        task_id="'copy-' || n",
    )
    for number in range(OTHERS):
        multiply_held(AccountUserPermission, report.account, UserFactory())
        multiply_held(AccountGroupPermission, report.account, Group.objects.create(name=f"group {number}"))


def multiply_held(permissions: type[Model], account: Any, holder: Any) -> None:
    """Give somebody the role on all accounts."""
    grant(account=account, holder=holder, role=Role.CLIENT)
    held = permissions._default_manager.filter(content_object=account).latest("pk")
    multiply(held, ACCOUNTS, id=f"{held.pk * ACCOUNTS * 2} + n", content_object_id=numbered("account", "n"))


def somebody_with(accounts: int) -> Any:
    user = UserFactory()
    for account in AccountFactory._meta.model.objects.filter(slug__startswith="copy-").order_by("pk")[:accounts]:
        grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


def tables_read_whole(rows: QuerySet[Any]) -> set[str]:
    (plan,) = json.loads(rows.explain(format="json"))
    scans = [node for node in nodes(plan["Plan"]) if node["Node Type"] == "Seq Scan"]
    return {node["Relation Name"] for node in scans} & BIG_TABLES


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("accounts", [0, 1, 200])
def test_the_first_page_is_found_through_indexes(accounts: int) -> None:
    user = somebody_with(accounts)
    analyze()

    schedules = with_management(visible_schedules(user), user).select_related("account").order_by("-pk")[:51]
    reports = visible_reports(user).select_related("schedule", "account").order_by("-pk")[:51]

    assert tables_read_whole(ReportSchedule.objects.exclude(name="")) == {ReportSchedule._meta.db_table}
    assert tables_read_whole(schedules) == set()
    assert tables_read_whole(reports) == set()
    assert len(schedules) == min(51, accounts * EACH)


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("accounts", [0, 1, 200])
def test_the_schedules_of_a_calendar_are_found_through_indexes(accounts: int) -> None:
    user = somebody_with(accounts)
    analyze()

    schedules = soonest_schedules(CalendarFeed(owner=user), until=NOW + AHEAD)

    assert tables_read_whole(schedules) == set()
    assert len(schedules) == min(500, accounts * EACH)


@pytest.mark.usefixtures("host")
def test_those_of_an_administrator_s_calendar_too() -> None:
    analyze()

    schedules = soonest_schedules(CalendarFeed(owner=UserFactory(is_superuser=True)), until=NOW + AHEAD)

    assert tables_read_whole(schedules) == set()
    assert len(schedules) == 500
