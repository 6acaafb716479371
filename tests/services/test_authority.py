"""Who writes must be allowed to at the moment of writing, whatever was true when somebody looked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, connections
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant, is_administrator, revoke
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.api.schedules import views
from django_report_scheduling.choices import Role
from django_report_scheduling.exceptions import NotPermitted
from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.services import schedules
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.authority import require_administrator, require_manager
from django_report_scheduling.services.roles import grant_role, revoke_roles
from django_report_scheduling.services.schedules import create_schedule, delete_schedule, update_schedule
from tests.factories import NOW, AccountFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

FIELDS: dict[str, Any] = {
    "name": "Daily", "report_type": "sample", "frequency": "daily", "time_of_day": dt.time(8), "formats": ["json"],
}  # fmt: skip
BODY = {**FIELDS, "time_of_day": "08:00"}


def administer(user: Any) -> None:
    user.user_permissions.add(Permission.objects.get(codename="administer_reports"))


def manage_through_a_group(user: Any, account: Any) -> None:
    group = Group.objects.create(name="Managers")
    user.groups.add(group)
    grant(account=account, holder=group, role=Role.ACCOUNT_MANAGER)


MAY: dict[str, Callable[[Any, Any], object]] = {
    "a manager": lambda user, account: grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER),
    "a manager through a group": manage_through_a_group,
    "an administrator": lambda user, account: administer(user),
}
MAY_NOT: dict[str, Callable[[Any, Any], object]] = {
    "a client": lambda user, account: grant(account=account, holder=user, role=Role.CLIENT),
    "a manager of another account": lambda user, account: grant(
        account=AccountFactory(), holder=user, role=Role.ACCOUNT_MANAGER
    ),
    "somebody without a role": lambda user, account: None,
    "somebody who was deleted": lambda user, account: type(user).objects.filter(pk=user.pk).delete(),
}


class TestRequireManager:
    @pytest.mark.parametrize("become", MAY.values(), ids=MAY.keys())
    def test_passes(self, become: Callable[[Any, Any], object]) -> None:
        user, account = UserFactory(), AccountFactory()
        become(user, account)

        require_manager(user, account.pk)

    @pytest.mark.parametrize("become", MAY_NOT.values(), ids=MAY_NOT.keys())
    def test_refuses(self, become: Callable[[Any, Any], object]) -> None:
        user, account = UserFactory(), AccountFactory()
        become(user, account)

        with pytest.raises(NotPermitted):
            require_manager(user, account.pk)

    def test_the_system_passes(self) -> None:
        require_manager(None, AccountFactory().pk)
        require_administrator(None)

    def test_attack_093_who_was_deactivated_meanwhile_is_refused(self) -> None:
        user, account = UserFactory(), AccountFactory()
        grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
        type(user).objects.filter(pk=user.pk).update(is_active=False)

        assert user.is_active
        with pytest.raises(NotPermitted):
            require_manager(user, account.pk)


class TestRequireAdministrator:
    def test_passes_for_an_administrator_and_for_a_superuser(self) -> None:
        user = UserFactory()
        administer(user)

        require_administrator(user)
        require_administrator(UserFactory(is_superuser=True))

    def test_refuses_a_manager(self) -> None:
        user = UserFactory()
        grant(account=AccountFactory(), holder=user, role=Role.ACCOUNT_MANAGER)

        with pytest.raises(NotPermitted):
            require_administrator(user)

    def test_what_the_user_in_memory_remembers_does_not_count(self) -> None:
        user = UserFactory()
        administer(user)
        assert is_administrator(user)
        user.user_permissions.through.objects.all().delete()

        assert is_administrator(user)
        with pytest.raises(NotPermitted):
            require_administrator(user)


class TestSchedules:
    def test_somebody_without_a_role_sets_nothing_up(self) -> None:
        with pytest.raises(NotPermitted):
            create_schedule(account=AccountFactory(), actor=UserFactory(), now=NOW, **FIELDS)

        assert not ReportSchedule.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_that_the_account_is_full_is_told_only_to_its_managers(self) -> None:
        account = AccountFactory()
        ReportScheduleFactory.create_batch(10, account=account)

        with pytest.raises(NotPermitted):
            create_schedule(account=account, actor=UserFactory(), now=NOW, **FIELDS)

    def test_somebody_without_a_role_changes_nothing(self) -> None:
        schedule = ReportScheduleFactory()

        with pytest.raises(NotPermitted):
            update_schedule(schedule_id=schedule.pk, actor=UserFactory(), now=NOW, name="Mine")

        schedule.refresh_from_db()
        assert schedule.name == "Weekly summary"
        assert not AuditEvent.objects.exists()

    def test_somebody_without_a_role_deletes_nothing(self) -> None:
        schedule = ReportScheduleFactory()

        with pytest.raises(NotPermitted):
            delete_schedule(schedule_id=schedule.pk, actor=UserFactory(), now=NOW)

        assert ReportSchedule.objects.filter(pk=schedule.pk).exists()


class TestARoleTakenBetweenTheViewAndTheService:
    """The view has let the person in; then the role goes; then the service writes."""

    @pytest.fixture
    def schedule(self) -> ReportSchedule:
        return ReportScheduleFactory()

    @pytest.fixture
    def api(self, schedule: ReportSchedule) -> APIClient:
        user = UserFactory()
        grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)
        api = APIClient()
        api.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return api

    @pytest.fixture
    def taken(self, schedule: ReportSchedule, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        """Makes the role go right before the view calls this service."""

        def take_before(name: str) -> None:
            service = getattr(schedules, name)

            def late(**arguments: Any) -> Any:
                revoke(account=schedule.account, holder=arguments["actor"])
                return service(**arguments)

            monkeypatch.setattr(views, name, late)

        return take_before

    def test_attack_094_nothing_is_set_up(
        self, schedule: ReportSchedule, api: APIClient, taken: Callable[[str], None]
    ) -> None:
        taken("create_schedule")

        answer = api.post("/api/v1/report-schedules/", {**BODY, "account": str(schedule.account_id)}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert list(ReportSchedule.objects.all()) == [schedule]

    def test_attack_094_nothing_is_changed(
        self, schedule: ReportSchedule, api: APIClient, taken: Callable[[str], None]
    ) -> None:
        before = ReportSchedule.objects.values().get()
        taken("update_schedule")

        answer = api.patch(f"/api/v1/report-schedules/{schedule.pk}/", {"name": "Mine"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert ReportSchedule.objects.values().get() == before

    def test_attack_094_nothing_is_deleted(
        self, schedule: ReportSchedule, api: APIClient, taken: Callable[[str], None]
    ) -> None:
        taken("delete_schedule")

        answer = api.delete(f"/api/v1/report-schedules/{schedule.pk}/")

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert ReportSchedule.objects.filter(pk=schedule.pk).exists()


class TestWhereItIsWritten:
    """Behind a router the transaction belongs to the database that the rows are written to."""

    @pytest.fixture
    def elsewhere(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
        """The database of the router: the same connection under another name; the default one must stay untouched."""
        opened: list[str] = []
        monkeypatch.setitem(connections.databases, "elsewhere", connections.databases["default"])
        connections["elsewhere"] = connection
        settings.DATABASE_ROUTERS = ["tests.services.elsewhere_router.KeptElsewhere"]
        begin = schedules.transaction.Atomic.__enter__

        def note(block: Any) -> None:
            opened.append(block.using)
            begin(block)

        monkeypatch.setattr(schedules.transaction.Atomic, "__enter__", note)
        yield opened
        del connections["elsewhere"]

    def test_schedules(self, elsewhere: list[str]) -> None:
        schedule = create_schedule(account=AccountFactory(), actor=None, now=NOW, **FIELDS)
        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, name="Renamed")
        delete_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

        assert set(elsewhere) == {"elsewhere"}

    def test_accounts(self, elsewhere: list[str]) -> None:
        delete_account(account_id=ReportScheduleFactory().account_id, actor=None, now=NOW)

        assert not get_account_model().objects.exists()
        assert set(elsewhere) == {"elsewhere"}

    def test_roles(self, elsewhere: list[str]) -> None:
        account, user = AccountFactory(), UserFactory()
        grant_role(account=account, holder=user, role=Role.CLIENT, actor=None, now=NOW)
        revoke_roles(account=account, holder=user, actor=None, now=NOW)

        assert set(elsewhere) == {"elsewhere"}
