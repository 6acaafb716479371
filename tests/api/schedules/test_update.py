"""Changing schedules: PATCH report-schedules/{id}/."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role, ScheduleState
from django_report_scheduling.models import ReportSchedule
from tests.api.callers import calling, client_of
from tests.factories import ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def schedule(account: Any) -> ReportSchedule:
    return ReportScheduleFactory(
        account=account,
        parameters={"rows": 2},
        starts_at="2030-01-01T00:00:00Z",
        next_run_at="2030-01-07T07:00:00Z",
    )


def patch(api: APIClient, schedule: ReportSchedule, body: Any) -> Any:
    return api.patch(f"/api/v1/report-schedules/{schedule.pk}/", body, format="json")


def stored() -> dict[str, Any]:
    return ReportSchedule.objects.values().get()


def test_what_is_given_changes_and_the_rest_stays(api: APIClient, schedule: ReportSchedule) -> None:
    before = stored()

    response = patch(api, schedule, {"name": "Renamed", "misfire_grace": 60})

    assert response.status_code == 200
    assert (response.json()["name"], response.json()["misfire_grace"]) == ("Renamed", 60)
    after = stored()
    assert {name for name in after if after[name] != before[name]} == {"name", "misfire_grace", "updated_at"}


def test_a_change_of_the_timing_plans_the_next_run_anew(api: APIClient, schedule: ReportSchedule) -> None:
    answer = patch(api, schedule, {"time_of_day": "09:30"}).json()

    assert (answer["time_of_day"], answer["next_run_at"]) == ("09:30:00", "2030-01-07T08:30:00Z")


def test_null_clears_what_may_be_empty(api: APIClient, schedule: ReportSchedule) -> None:
    answer = patch(api, schedule, {"frequency": "daily", "day_of_week": None, "ends_at": None}).json()

    assert (answer["frequency"], answer["day_of_week"]) == ("daily", None)


def test_a_refused_change_changes_nothing(api: APIClient, schedule: ReportSchedule) -> None:
    before = stored()

    response = patch(api, schedule, {"name": "Renamed", "timezone": "Mars/Olympus"})

    assert (response.status_code, list(response.json()["errors"])) == (400, ["timezone"])
    assert stored() == before


def test_attack_089_what_only_the_system_sets_is_passed_over(api: APIClient, schedule: ReportSchedule) -> None:
    forged = {"state": "ended", "next_run_at": "2020-01-01T00:00:00Z", "consecutive_failures": 9, "created_by": "1"}

    answer = patch(api, schedule, {"id": str(schedule.account_id), **forged}).json()

    assert answer["id"] == str(schedule.pk)
    assert {name: answer[name] for name in forged} == {
        "state": "active",
        "next_run_at": "2030-01-07T07:00:00Z",
        "consecutive_failures": 0,
        "created_by": None,
    }


class TestAccount:
    def test_the_present_one_may_be_named(self, api: APIClient, schedule: ReportSchedule) -> None:
        assert patch(api, schedule, {"account": str(schedule.account_id), "name": "New"}).status_code == 200

    def test_attack_089_a_schedule_never_moves(self, api: APIClient, manager: Any, schedule: ReportSchedule) -> None:
        """Not to an account that the person manages as well, and all others are refused in the same words."""
        managed, foreign = ReportScheduleFactory.create_batch(2)
        grant(account=managed.account, holder=manager, role=Role.ACCOUNT_MANAGER)

        answers = [patch(api, schedule, {"account": str(other.account_id)}) for other in (managed, foreign)]

        assert [answer.status_code for answer in answers] == [400, 400]
        assert list(answers[0].json()["errors"]) == ["account"]
        assert answers[0].content == answers[1].content
        schedule.refresh_from_db()
        assert schedule.account_id not in {managed.account_id, foreign.account_id}

    @pytest.mark.parametrize("value", [None, "", "x", 7, [], {}, True, 1.5])
    def test_nor_to_nothing(self, api: APIClient, schedule: ReportSchedule, value: Any) -> None:
        response = patch(api, schedule, {"account": value})

        assert (response.status_code, list(response.json()["errors"])) == (400, ["account"])


class TestWho:
    def test_a_client_may_not_and_learns_nothing_of_the_body(self, account: Any, schedule: ReportSchedule) -> None:
        before = stored()

        response = patch(calling(client_of(account)), schedule, {"name": 7})

        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
        assert stored() == before

    def test_for_a_stranger_there_is_no_such_schedule(self, schedule: ReportSchedule) -> None:
        stranger = calling(client_of(ReportScheduleFactory().account))

        response = patch(stranger, schedule, {"name": "Mine"})

        assert response.content == stranger.get("/api/v1/report-schedules/missing/").content


def test_an_ended_schedule_goes_on_where_there_is_room(api: APIClient, account: Any) -> None:
    ended = ReportScheduleFactory(account=account, state=ScheduleState.ENDED, next_run_at=None)
    others = ReportScheduleFactory.create_batch(10, account=account)

    full = patch(api, ended, {"ends_at": "2040-01-01T00:00:00Z"})
    others[0].delete()
    free = patch(api, ended, {"ends_at": "2040-01-01T00:00:00Z"})

    assert (full.status_code, full.json()["code"]) == (409, "limit_reached")
    assert (free.status_code, free.json()["state"]) == (200, "active")
