"""When a schedule will run: GET report-schedules/{id}/next-runs/."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.models import ReportSchedule
from tests.api.callers import calling, client_of
from tests.factories import ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def next_runs(api: APIClient, schedule: ReportSchedule, query: str = "") -> Any:
    return api.get(f"/api/v1/report-schedules/{schedule.pk}/next-runs/{query}")


@pytest.fixture
def schedule(account: Any) -> ReportSchedule:
    return ReportScheduleFactory(account=account, next_run_at=None)


def test_the_first_is_the_next_run_of_the_schedule(api: APIClient, schedule: ReportSchedule) -> None:
    shown = next_runs(api, schedule).json()["results"]

    assert len(shown) == 10
    assert shown[0]["slot"] == api.get(f"/api/v1/report-schedules/{schedule.pk}/").json()["next_run_at"]
    assert [run["slot"] for run in shown] == sorted(run["slot"] for run in shown)


def test_each_is_told_in_utc_and_by_the_clocks_of_the_zone(api: APIClient, schedule: ReportSchedule) -> None:
    ReportSchedule.objects.update(next_run_at=dt.datetime(2040, 3, 26, 6, tzinfo=dt.UTC))

    (run,) = next_runs(api, schedule, "?count=1").json()["results"]

    assert run == {
        "slot": "2040-03-26T06:00:00Z",
        "local": "2040-03-26T08:00:00+02:00",
        "period_start": "2040-03-18T23:00:00Z",
        "period_end": "2040-03-25T22:00:00Z",
    }


@pytest.mark.parametrize("count", [1, 10, 100])
def test_there_are_as_many_as_asked_for(api: APIClient, schedule: ReportSchedule, count: int) -> None:
    assert len(next_runs(api, schedule, f"?count={count}").json()["results"]) == count


@pytest.mark.parametrize(
    "query",
    ["?count=0", "?count=101", "?count=-1", "?count=1e1", "?count=", "?count=٣", "?count=1&count=2", "?cursor=x"],
)
def test_attack_095_any_other_number_is_refused(api: APIClient, schedule: ReportSchedule, query: str) -> None:
    answer = next_runs(api, schedule, query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query[1:].partition("=")[0]])


def test_an_endless_number_is_not_even_read(api: APIClient, schedule: ReportSchedule) -> None:
    assert next_runs(api, schedule, f"?count={'9' * 4000}").status_code == 400


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ERRORED, ScheduleState.ENDED])
def test_there_are_none_unless_the_schedule_is_active(api: APIClient, account: Any, state: ScheduleState) -> None:
    assert next_runs(api, ReportScheduleFactory(account=account, state=state)).json() == {"results": []}


def test_clients_may_look(account: Any, schedule: ReportSchedule) -> None:
    assert next_runs(calling(client_of(account)), schedule).status_code == 200
