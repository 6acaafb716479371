"""Why due schedules cannot run, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import ErrorCode, Event, PauseReason, Role, ScheduleState
from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.models import Delivery, ReportSchedule
from django_report_scheduling.services import notices
from django_report_scheduling.services.stopping import Stop, invalid_schedule, reasons_to_stop, tell_stopped
from tests.factories import NOW, AccountFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def manager_of(account: Any, **fields: Any) -> Any:
    user = UserFactory(**fields)
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


def owned(**fields: Any) -> ReportSchedule:
    account = AccountFactory(**{name.removeprefix("account__"): fields.pop(name) for name in [*fields] if "__" in name})
    return ReportScheduleFactory(account=account, created_by=manager_of(account), **fields)


def reason_of(schedule: ReportSchedule) -> str:
    loaded = ReportSchedule.objects.select_related("account").get(pk=schedule.pk)
    stop = reasons_to_stop([loaded]).get(schedule.pk)
    return stop.reason if stop else ""


def test_nothing_stops_what_somebody_fit_owns_or_the_system_set_up() -> None:
    assert reason_of(owned()) == ""
    assert reason_of(ReportScheduleFactory()) == ""


def test_an_inactive_account_pauses() -> None:
    assert reason_of(owned(account__active=False)) == PauseReason.ACCOUNT_INACTIVE


def test_an_unknown_report_type_pauses_and_is_a_mistake_to_mend() -> None:
    schedule = owned(report_type="gone")

    stop = reasons_to_stop([schedule])[schedule.pk]

    assert (stop.state, stop.reason) == (ScheduleState.PAUSED, "unknown_report_type")
    assert stop.error == (ErrorCode.UNKNOWN_REPORT_TYPE, "No report type is registered under “gone”.")


def test_a_deactivated_owner_pauses() -> None:
    schedule = owned()
    schedule.created_by.is_active = False
    schedule.created_by.save()

    assert reason_of(schedule) == PauseReason.OWNER_INACTIVE


def test_a_deleted_owner_pauses() -> None:
    schedule = owned()
    schedule.created_by.delete()

    assert reason_of(schedule) == PauseReason.OWNER_DELETED


def test_an_owner_without_role_pauses() -> None:
    assert reason_of(ReportScheduleFactory(created_by=UserFactory())) == PauseReason.OWNER_WITHOUT_ROLE


def test_every_reason_has_a_sentence_and_fits_its_column() -> None:
    assert all(reason.label.endswith(".") and len(reason.value) <= 200 for reason in PauseReason)


def test_a_batch_takes_as_many_queries_as_one(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(20):
        ReportScheduleFactory(created_by=UserFactory())
    schedules = list(ReportSchedule.objects.select_related("account"))

    with django_assert_max_num_queries(5):
        assert len(reasons_to_stop(schedules)) == 20


def test_an_invalid_rule_ends_errored_with_a_reason_that_fits_its_column() -> None:
    stop = invalid_schedule(InvalidRecurrence({"recurrence": ["x" * 500]}))

    assert (stop.state, len(stop.reason)) == (ScheduleState.ERRORED, 200)
    assert stop.reason.startswith("invalid_schedule: recurrence: xxx")
    assert stop.error == (ErrorCode.INVALID_SCHEDULE, "recurrence: " + "x" * 500)


class TestTelling:
    @staticmethod
    def tell(schedule: ReportSchedule, reason: str, error: Any = None) -> list[tuple[str, str]]:
        report = GeneratedReportFactory(schedule=schedule, status="skipped", status_reason=reason, wake_at=None)
        for _twice in range(2):
            tell_stopped(schedule, report, Stop(ScheduleState.PAUSED, reason, error), now=NOW)
        return list(Delivery.objects.order_by("target").values_list("event", "target"))

    @pytest.mark.parametrize("reason", ["owner_inactive", "owner_deleted", "owner_without_role"])
    def test_of_a_missing_owner_the_managers_of_the_account_are_told_once(self, reason: str) -> None:
        schedule = ReportScheduleFactory()
        manager_of(schedule.account, email="a@people.example")
        manager_of(schedule.account, email="b@people.example")
        manager_of(schedule.account, email="")
        manager_of(schedule.account, email="gone@people.example", is_active=False)
        grant(account=schedule.account, holder=UserFactory(), role=Role.CLIENT)
        manager_of(AccountFactory())
        UserFactory(is_superuser=True)

        assert self.tell(schedule, reason) == [
            (Event.SCHEDULE_PAUSED, "a@people.example"),
            (Event.SCHEDULE_PAUSED, "b@people.example"),
        ]

    def test_where_nobody_manages_the_account_administrators_are_told(self) -> None:
        boss = UserFactory(is_superuser=True)

        assert self.tell(ReportScheduleFactory(), "owner_deleted") == [(Event.SCHEDULE_PAUSED, boss.email)]

    def test_of_a_mistake_administrators_and_the_owner_are_told(self) -> None:
        boss, schedule = UserFactory(is_superuser=True), owned()
        manager_of(schedule.account)

        told = self.tell(schedule, "unknown_report_type", (ErrorCode.UNKNOWN_REPORT_TYPE, "m"))

        assert set(told) == {(Event.SCHEDULE_ERRORED, boss.email), (Event.SCHEDULE_ERRORED, schedule.created_by.email)}

    def test_of_an_inactive_account_nobody_is_told(self) -> None:
        UserFactory(is_superuser=True)

        assert self.tell(owned(), "account_inactive") == []

    def test_people_without_an_address_are_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class OfAHost:
            """Managers in a user model whose address may be null."""

            def exclude(self, **_fields: Any) -> OfAHost:
                return self  # SQL: NOT (email = '' AND email IS NOT NULL)

            def values_list(self, *_names: str, flat: bool) -> list[str | None]:
                return [None, "", "ann@people.example"]

        monkeypatch.setattr(notices, "managers_of", lambda _account: OfAHost())

        assert self.tell(owned(), PauseReason.OWNER_INACTIVE) == [("schedule.paused", "ann@people.example")]
