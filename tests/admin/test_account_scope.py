"""Staff see and touch the rows of their own accounts alone; administrators those of all."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, ReportSchedule
from tests.admin.staff import browser, choose, page, staff
from tests.factories import NOW, AccountFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

EVERYTHING = [
    f"{verb}_{model}"
    for verb in ("view", "add", "change", "delete")
    for model in ("account", "reportschedule", "generatedreport", "auditevent")
]


@pytest.fixture
def mine() -> Any:
    return AccountFactory(name="Mine")


@pytest.fixture
def rows(mine: Any) -> dict[str, tuple[Any, Any]]:
    """Of each model a row of the own account and one of another."""
    schedules = ReportScheduleFactory(account=mine, name="My own"), ReportScheduleFactory(name="Of another")
    reports = tuple(GeneratedReportFactory(schedule=schedule, succeeded=True) for schedule in schedules)
    return {
        "account": (mine, schedules[1].account),
        "reportschedule": schedules,
        "generatedreport": (reports[0], reports[1]),
    }


def member(account: Any, role: Role, *codenames: str) -> Any:
    user = staff(*codenames)
    grant(account=account, holder=user, role=role)
    return user


@pytest.mark.parametrize("model", ["account", "reportschedule", "generatedreport"])
def test_attack_107_staff_read_no_rows_of_others(model: str, rows: dict[str, Any], mine: Any) -> None:
    own, other = rows[model]
    client = browser(member(mine, Role.ACCOUNT_MANAGER, *EVERYTHING))

    listed = client.get(page(f"{model}_changelist"))

    assert list(listed.context["cl"].queryset) == [own]
    assert client.get(page(f"{model}_change", own.pk)).status_code == 200
    for view in ("change", "delete", "history"):
        answer = client.get(page(f"{model}_{view}", other.pk))
        assert answer.status_code in {302, 403}
        assert other.pk.hex not in answer.content.decode()


def test_attack_107_staff_change_and_delete_no_schedule_of_others(rows: dict[str, Any], mine: Any) -> None:
    client = browser(member(mine, Role.ACCOUNT_MANAGER, *EVERYTHING))
    _, other = rows["reportschedule"]

    client.post(page("reportschedule_change", other.pk), {"name": "Stolen"})
    client.post(page("reportschedule_delete", other.pk), {"post": "yes"})
    choose(client, "reportschedule", "delete_selected", other, post="yes")

    assert ReportSchedule.objects.get(pk=other.pk).name == "Of another"


def test_attack_107_staff_are_offered_no_account_of_others(rows: dict[str, Any], mine: Any) -> None:
    client = browser(member(mine, Role.ACCOUNT_MANAGER, *EVERYTHING))

    form = client.get(page("reportschedule_add")).context["adminform"].form

    assert list(form.fields["account"].queryset) == [mine]


def test_attack_107_staff_set_no_schedule_up_for_others(rows: dict[str, Any], mine: Any) -> None:
    client = browser(member(mine, Role.ACCOUNT_MANAGER, *EVERYTHING))

    answer = client.post(page("reportschedule_add"), {"account": rows["account"][1].pk})

    assert "valid choice" in str(answer.context["adminform"].form.errors["account"])
    assert ReportSchedule.objects.count() == 2


def test_a_client_among_staff_sees_reports_and_no_schedules(rows: dict[str, Any], mine: Any) -> None:
    client = browser(member(mine, Role.CLIENT, *EVERYTHING))

    assert list(client.get(page("generatedreport_changelist")).context["cl"].queryset) == [rows["generatedreport"][0]]
    assert not client.get(page("reportschedule_changelist")).context["cl"].queryset.exists()


def test_attack_107_staff_without_a_role_see_no_rows(rows: dict[str, Any]) -> None:
    client = browser(staff(*EVERYTHING))

    for model in rows:
        assert not client.get(page(f"{model}_changelist")).context["cl"].queryset.exists()


def test_attack_107_the_record_is_for_administrators(rows: dict[str, Any], mine: Any) -> None:
    event = AuditEvent.objects.create(at=NOW, verb="v", object_type="t", object_id="1")
    manager = browser(member(mine, Role.ACCOUNT_MANAGER, *EVERYTHING))
    administrator = browser(staff("view_auditevent", "administer_reports"))

    for address in (page("auditevent_changelist"), page("auditevent_change", event.pk)):
        assert manager.get(address).status_code == 403
        assert administrator.get(address).status_code == 200


@pytest.mark.parametrize("model", ["account", "reportschedule", "generatedreport"])
def test_administrators_see_the_rows_of_every_account(model: str, rows: dict[str, Any]) -> None:
    client = browser(staff("administer_reports", f"view_{model}"))

    assert client.get(page(f"{model}_changelist")).context["cl"].queryset.count() == 2
    assert client.get(page(f"{model}_change", rows[model][1].pk)).status_code == 200
