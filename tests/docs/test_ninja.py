"""The router that the documentation shows to users of Django Ninja works as shown."""

from __future__ import annotations

import re
import sys
import types
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client, override_settings
from django.urls import path

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import ReportStatus, Role, Trigger
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from tests.factories import AccountFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "ninja.md"


def block() -> str:
    found = re.search(
        r"^```python reports_api.py\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found
    return found[1]


@pytest.fixture(scope="module")
def shown() -> Iterator[types.ModuleType]:
    """The code of the page, loaded once: Ninja minds a second API of the same name."""
    module = types.ModuleType("shown_reports_api")
    sys.modules[module.__name__] = module
    exec(compile(block(), str(PAGE), "exec"), module.__dict__)  # noqa: S102  # that is the point
    yield module
    del sys.modules[module.__name__]


@pytest.fixture(autouse=True)
def mounted(shown: types.ModuleType) -> Iterator[None]:
    urls = types.ModuleType("urls_with_ninja")
    urls.urlpatterns = [path("reports-api/", shown.api.urls)]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=urls):
        yield


@pytest.fixture
def schedule() -> ReportSchedule:
    return ReportScheduleFactory()


def somebody(account: Any = None, role: Role | None = None, *, through_group: bool = False) -> Client:
    """A browser in which a user with this role is logged in."""
    user = UserFactory()
    if role is not None:
        holder = Group.objects.create(name=f"of {user}") if through_group else user
        if through_group:
            user.groups.add(holder)
        grant(account=account, holder=holder, role=role)
    client = Client()
    client.force_login(user)
    return client


def new_schedule(account: Any, **changes: Any) -> dict[str, Any]:
    return {
        "account_id": str(account.pk),
        "name": "Weekly",
        "report_type": "sample",
        "formats": ["json"],
        "frequency": "weekly",
        "day_of_week": 0,
        "time_of_day": "08:00",
        "timezone": "Europe/Berlin",
        "recipients": ["client@customer.example"],
        **changes,
    }


def post(client: Client, address: str, data: Any = None) -> Any:
    return client.post(f"/reports-api/{address}", data or {}, content_type="application/json")


def test_it_is_as_short_as_the_page_says() -> None:
    _imports, _, code = block().partition("\n\napi = ")
    assert 10 < len([line for line in f"api = {code}".splitlines() if line]) < 30


@pytest.mark.parametrize("through_group", [False, True])
@pytest.mark.parametrize("role", Role)
def test_members_of_an_account_see_its_schedules_and_no_others(
    schedule: ReportSchedule, role: Role, through_group: bool
) -> None:
    ReportScheduleFactory()
    listed = somebody(schedule.account, role, through_group=through_group).get("/reports-api/schedules/").json()
    assert [row["id"] for row in listed] == [str(schedule.pk)]


def test_a_manager_sets_a_schedule_up_and_runs_it(schedule: ReportSchedule) -> None:
    manager = somebody(schedule.account, Role.ACCOUNT_MANAGER)

    created = post(manager, "schedules/", new_schedule(schedule.account))
    assert created.status_code == 201, created.json()
    assert created.json()["state"] == "active"
    started = post(manager, f"schedules/{created.json()['id']}/run/")

    assert started.status_code == 202
    report = GeneratedReport.objects.get(pk=started.json()["report"])
    assert (report.trigger, report.status) == (Trigger.MANUAL, ReportStatus.PENDING)
    assert str(report.schedule_id) == created.json()["id"]


def test_a_client_may_look_but_not_act(schedule: ReportSchedule) -> None:
    client = somebody(schedule.account, Role.CLIENT)

    for answer in (
        post(client, "schedules/", new_schedule(schedule.account)),
        post(client, f"schedules/{schedule.pk}/run/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert ReportSchedule.objects.count() == 1
    assert not GeneratedReport.objects.exists()


def test_for_a_stranger_there_is_nothing(schedule: ReportSchedule) -> None:
    stranger = somebody(AccountFactory(), Role.ACCOUNT_MANAGER)

    hidden = post(stranger, f"schedules/{schedule.pk}/run/")
    missing = post(stranger, f"schedules/{uuid.uuid4()}/run/")

    assert (hidden.status_code, hidden.content) == (404, missing.content)
    assert post(stranger, "schedules/", new_schedule(schedule.account)).status_code == 404
    assert not GeneratedReport.objects.exists()


def test_without_a_login_and_when_deactivated_nobody_gets_in(schedule: ReportSchedule) -> None:
    assert Client().get("/reports-api/schedules/").status_code == 401
    deactivated = somebody(schedule.account, Role.ACCOUNT_MANAGER)
    type(UserFactory()).objects.update(is_active=False)
    assert deactivated.get("/reports-api/schedules/").status_code == 401


def test_bad_input_is_told_by_field_and_nothing_is_stored(schedule: ReportSchedule) -> None:
    manager = somebody(schedule.account, Role.ACCOUNT_MANAGER)

    wrong = {"recipients": ["stranger@elsewhere.example"], "timezone": "Europe/Nowhere"}

    answer = post(manager, "schedules/", new_schedule(schedule.account, **wrong))

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == set(wrong)
    assert ReportSchedule.objects.count() == 1


def test_what_is_left_out_is_told_too(schedule: ReportSchedule) -> None:
    manager = somebody(schedule.account, Role.ACCOUNT_MANAGER)
    assert post(manager, "schedules/", {"account_id": str(schedule.account.pk)}).status_code == 400
    assert post(manager, "schedules/", {"name": "Weekly"}).status_code == 422
    assert ReportSchedule.objects.count() == 1


def test_one_schedule_too_many_is_a_conflict(schedule: ReportSchedule) -> None:
    manager = somebody(schedule.account, Role.ACCOUNT_MANAGER)
    ReportScheduleFactory.create_batch(9, account=schedule.account)

    answer = post(manager, "schedules/", new_schedule(schedule.account))

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
