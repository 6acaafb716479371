"""Staff whose role on an account goes between the page and the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.admin import schedules
from django_report_scheduling.choices import Role
from django_report_scheduling.models import ReportSchedule
from tests.admin.staff import browser, choose, page, staff, told
from tests.factories import ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def schedule() -> ReportSchedule:
    return ReportScheduleFactory()


@pytest.fixture
def client(schedule: ReportSchedule, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser whose person loses the role right before a schedule is deleted."""
    user = staff("view_reportschedule", "delete_reportschedule")
    grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)
    delete = schedules.delete_schedule

    def late(**arguments: Any) -> None:
        revoke(account=schedule.account, holder=user)
        delete(**arguments)

    monkeypatch.setattr(schedules, "delete_schedule", late)
    return browser(user)


DELETIONS: dict[str, Callable[[Client, ReportSchedule], Any]] = {
    "on its page": lambda client, schedule: client.post(
        page("reportschedule_delete", schedule.pk), {"post": "yes"}, follow=True
    ),
    "in the list": lambda client, schedule: choose(client, "reportschedule", "delete_selected", schedule, post="yes"),
}


@pytest.mark.parametrize("delete", DELETIONS.values(), ids=DELETIONS.keys())
def test_attack_094_a_schedule_is_not_deleted_and_the_person_is_told(
    client: Client, schedule: ReportSchedule, delete: Callable[[Client, ReportSchedule], Any]
) -> None:
    response = delete(client, schedule)

    assert ReportSchedule.objects.filter(pk=schedule.pk).exists()
    assert any("you do not manage the reports of this account" in message for message in told(response))
