"""How many schedules an account may have, and how much one request may hold or answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.models import AbstractAccount, GeneratedReport, ReportSchedule
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.table import new_schedule
from tests.api.world.contents import contents
from tests.api.world.world import World
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

MANY = 205
MOST = 200


@pytest.fixture
def manager(world: World) -> Client:
    return world.browser("manager")


@pytest.fixture
def full(world: World) -> AbstractAccount:
    """``alpha`` with as many schedules as it may have."""
    account = world.alpha.account
    ReportScheduleFactory.create_batch(10 - ReportSchedule.objects.filter(account=account).count(), account=account)
    return account


def create(browser: Client, world: World) -> HttpResponse:
    path = ENDPOINTS["report-schedule-list"].paths()[1]
    return browser.post(path, new_schedule(world.alpha), content_type="application/json")


@pytest.mark.usefixtures("full")
def test_the_eleventh_schedule_is_409_with_a_code_and_nothing_is_stored(manager: Client, world: World) -> None:
    before = contents()

    answer = create(manager, world)

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert contents() == before


@pytest.mark.usefixtures("full")
def test_an_administrator_is_held_to_the_limit_too(world: World) -> None:
    assert create(world.browser("superuser"), world).status_code == 409


@pytest.mark.usefixtures("full")
def test_whoever_may_not_create_does_not_learn_that_the_account_is_full(world: World) -> None:
    assert create(world.browser("client"), world).status_code == 403
    assert create(world.browser("client of the other account"), world).status_code == 400


@pytest.mark.usefixtures("full")
def test_another_account_is_not_concerned(world: World) -> None:
    path = ENDPOINTS["report-schedule-list"].paths()[1]
    browser = world.browser("manager of the other account")

    assert browser.post(path, new_schedule(world.bravo), content_type="application/json").status_code == 201


@pytest.mark.usefixtures("full")
def test_deleting_one_makes_room(manager: Client, world: World) -> None:
    manager.delete(ENDPOINTS["report-schedule-detail"].paths(world.alpha.paused.pk)[1])

    assert create(manager, world).status_code == 201


def test_a_schedule_that_has_ended_does_not_count_until_it_is_to_go_on(
    full: AbstractAccount, manager: Client, world: World
) -> None:
    ended = world.alpha.schedule
    yesterday = timezone.now() - dt.timedelta(days=1)
    over = {"state": ScheduleState.ENDED, "next_run_at": None, "ends_at": yesterday}
    ReportSchedule.objects.filter(pk=ended.pk).update(**over)
    assert create(manager, world).status_code == 201
    path = ENDPOINTS["report-schedule-detail"].paths(ended.pk)[1]

    answer = manager.patch(path, {"ends_at": None}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert ReportSchedule.objects.filter(account=full).exclude(state=ScheduleState.ENDED).count() == 10


def test_the_list_of_accounts_tells_how_many_there_are_and_may_be(
    full: AbstractAccount, manager: Client, world: World
) -> None:
    (shown,) = manager.get(ENDPOINTS["account-list"].paths()[1]).json()["results"]

    assert (shown["schedules"], shown["max_schedules"]) == (10, 10)


@pytest.mark.parametrize(("size", "rows"), [(None, 50), ("1", 1), ("200", MOST), ("201", MOST), ("100000000", MOST)])
def test_attack_095_a_page_is_capped(size: str | None, rows: int, manager: Client, world: World) -> None:
    few = GeneratedReportFactory.build_batch(
        MANY, schedule=world.alpha.schedule, account=world.alpha.account, period_start=NOW - dt.timedelta(days=7)
    )
    for number, report in enumerate(few):
        report.slot = NOW + dt.timedelta(hours=number)
    GeneratedReport.objects.bulk_create(few)

    page = manager.get(ENDPOINTS["report-list"].paths()[1], {"page_size": size} if size else {}).json()

    assert len(page["results"]) == rows
    assert page["next"] is not None
