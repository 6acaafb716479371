"""Setting schedules up, changing and deleting them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, ReportStatus, Role, ScheduleState
from django_report_scheduling.exceptions import LimitReached, RecipientRefused, ValidationFailed, WrongState
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.schedule_states import pause_schedule, reactivate_schedule, resume_schedule
from django_report_scheduling.services.schedule_validation import clean_schedule
from django_report_scheduling.services.schedules import create_schedule, delete_schedule, update_schedule
from django_report_scheduling.signals import schedule_state_changed
from tests.factories import (
    NOW,
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

WEEK = dt.timedelta(days=7)


def create(**changes: Any) -> ReportSchedule:
    fields: dict[str, Any] = {
        "account": AccountFactory(),
        "actor": None,
        "now": NOW,
        "name": "Weekly",
        "report_type": "sample",
        "frequency": "weekly",
        "day_of_week": 0,
        "time_of_day": dt.time(8),
        "timezone": "Europe/Berlin",
        "formats": ["json"],
        "recipients": ["client@customer.example"],
        **changes,
    }
    return create_schedule(**fields)


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []

    def receiver(**arguments: Any) -> None:
        told.append(arguments)

    signal.connect(receiver)
    try:
        yield told
    finally:
        signal.disconnect(receiver)


class TestCreate:
    def test_the_first_run_is_the_first_slot_after_now(self) -> None:
        assert create().next_run_at == NOW + WEEK

    def test_the_actor_becomes_the_owner(self) -> None:
        account, user = AccountFactory(), UserFactory()
        grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)

        assert create(account=account, actor=user).created_by == user

    def test_parameters_are_stored_as_the_type_understands_them(self) -> None:
        assert create(parameters={"rows": "7"}).parameters == {"rows": 7}

    def test_recipients_are_stored_once_each(self) -> None:
        schedule = create(recipients=["Client@Customer.Example", "client@customer.example"])

        assert schedule.recipients == ["Client@customer.example"]

    def test_setting_up_is_written_to_the_record(self) -> None:
        account, user = AccountFactory(), UserFactory()
        grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
        schedule = create(account=account, actor=user)

        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.object_id) == ("schedule.created", user, str(schedule.pk))

    def test_every_error_is_told_at_once_and_nothing_is_stored(self) -> None:
        with pytest.raises(ValidationFailed) as caught:
            create(name="", report_type="gone", timezone="Mars", formats=["docx"], recipients=["x"])

        assert set(caught.value.errors) == {"name", "report_type", "timezone", "formats", "recipients"}
        assert not ReportSchedule.objects.exists()

    def test_errors_of_parameters_name_the_parameter(self) -> None:
        with pytest.raises(ValidationFailed) as caught:
            create(parameters={"rows": 0, "colour": "red"})

        assert set(caught.value.errors) == {"parameters.rows", "parameters.colour"}

    def test_a_recipient_outside_the_policy_is_refused_by_name(self) -> None:
        with pytest.raises(RecipientRefused) as caught:
            create(recipients=["spy@elsewhere.example"])

        assert "spy@elsewhere.example" in caught.value.errors["recipients"][0]

    def test_a_schedule_that_would_never_run_is_refused(self) -> None:
        with pytest.raises(ValidationFailed) as caught:
            create(ends_at=NOW + dt.timedelta(days=1))

        assert "ends_at" in caught.value.errors

    def test_an_account_has_at_most_ten(self) -> None:
        account = AccountFactory()
        ReportScheduleFactory.create_batch(10, account=account)

        with pytest.raises(LimitReached, match="10 schedules"):
            create(account=account)
        assert ReportSchedule.objects.count() == 10

    def test_schedules_that_ended_make_room(self, settings: Settings) -> None:
        settings.REPORT_SCHEDULING = {"MAX_SCHEDULES_PER_ACCOUNT": 1}
        account = AccountFactory()
        ReportScheduleFactory(account=account, state=ScheduleState.ENDED)

        assert create(account=account).pk

    @pytest.mark.parametrize("field", ["state", "next_run_at", "consecutive_failures", "created_by", "nothing"])
    def test_attack_089_what_the_system_owns_cannot_be_set(self, field: str) -> None:
        with pytest.raises(ValidationFailed, match="cannot be changed") as caught:
            create(**{field: None})

        assert list(caught.value.errors) == [field]
        assert not ReportSchedule.objects.exists()


class TestUpdate:
    def test_a_change_of_timing_plans_the_next_run_anew(self) -> None:
        schedule = ReportScheduleFactory()

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, time_of_day=dt.time(9))

        assert updated.next_run_at == NOW + dt.timedelta(hours=1)

    def test_other_changes_leave_the_next_run_alone(self) -> None:
        schedule = ReportScheduleFactory()

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW + WEEK, name="Renamed")

        assert (updated.name, updated.next_run_at) == ("Renamed", NOW)

    @pytest.mark.parametrize("changes", [{}, {"name": "Weekly summary", "recipients": ["client@customer.example"]}])
    def test_what_changes_nothing_is_not_told_as_a_change(self, changes: Any) -> None:
        schedule = ReportScheduleFactory()

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, **changes)

        assert updated.updated_at == schedule.updated_at
        assert not AuditEvent.objects.exists()

    def test_a_paused_schedule_stays_paused(self) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.PAUSED)

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, time_of_day=dt.time(9))

        assert updated.state == ScheduleState.PAUSED

    def test_a_bad_change_leaves_everything_as_it_was(self) -> None:
        schedule = ReportScheduleFactory()

        with pytest.raises(ValidationFailed):
            update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, name="New", day_of_week=7)

        schedule.refresh_from_db()
        assert (schedule.name, schedule.day_of_week) == ("Weekly summary", 0)

    @pytest.mark.parametrize("field", ["account", "state", "next_run_at", "consecutive_failures"])
    def test_attack_089_what_the_system_owns_cannot_be_changed(self, field: str) -> None:
        schedule = ReportScheduleFactory()

        with pytest.raises(ValidationFailed, match="cannot be changed"):
            update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, **{field: None})

    def test_the_record_names_the_fields_that_changed_but_not_their_values(self) -> None:
        schedule = ReportScheduleFactory()

        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, name="New", recipients=[])

        assert AuditEvent.objects.get().data == {"fields": ["name", "recipients"]}

    def test_attack_052_a_slot_that_has_come_keeps_its_report_under_the_old_timing(self) -> None:
        schedule = ReportScheduleFactory()
        now = NOW + dt.timedelta(minutes=5)

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=now, frequency="daily", day_of_week=None)

        report = GeneratedReport.objects.get()
        assert (report.slot, report.status, report.frequency) == (NOW, ReportStatus.PENDING, "weekly")
        assert (report.period.first_day, report.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))
        assert updated.next_run_at == NOW + dt.timedelta(days=1)

    def test_a_slot_that_has_come_is_left_to_the_tick_when_the_timing_stays(self) -> None:
        schedule = ReportScheduleFactory()

        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW + dt.timedelta(minutes=5), name="Renamed")

        assert not GeneratedReport.objects.exists()

    def test_the_last_slot_has_its_report_before_new_timing_lets_the_schedule_go_on(self) -> None:
        schedule = ReportScheduleFactory(ends_at=NOW + dt.timedelta(hours=1))

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, ends_at=None)

        assert (updated.state, updated.active, updated.next_run_at) == (ScheduleState.ACTIVE, True, NOW + WEEK)
        assert GeneratedReport.objects.get().slot == NOW

    def test_a_schedule_that_the_due_slot_stops_stays_stopped(self) -> None:
        schedule = ReportScheduleFactory(account__active=False)

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, time_of_day=dt.time(9))

        assert (updated.state, updated.active, updated.time_of_day) == (ScheduleState.PAUSED, False, dt.time(9))

    def test_a_schedule_that_ended_goes_on_with_new_timing_and_everybody_is_told(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.ENDED, next_run_at=None, ends_at=NOW)

        with heard(schedule_state_changed) as told, django_capture_on_commit_callbacks(execute=True):
            updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, ends_at=None)

        assert (updated.state, updated.active, updated.next_run_at) == (ScheduleState.ACTIVE, True, NOW + WEEK)
        verbs = AuditEvent.objects.filter(schedule_id=schedule.pk).order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["schedule.updated", "schedule.active"]
        assert [call["state"] for call in told] == ["active"]

    def test_a_schedule_that_ended_goes_on_only_where_there_is_room(self, settings: Settings) -> None:
        settings.REPORT_SCHEDULING = {"MAX_SCHEDULES_PER_ACCOUNT": 1}
        schedule = ReportScheduleFactory(state=ScheduleState.ENDED, next_run_at=None, ends_at=NOW)
        ReportScheduleFactory(account=schedule.account)

        with pytest.raises(LimitReached):
            update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, ends_at=None)

        schedule.refresh_from_db()
        assert schedule.state == ScheduleState.ENDED
        assert update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, name="New").name == "New"


@pytest.mark.django_db(transaction=True)
class TestUpdateBesideOthers:
    """A host's recipient policy may be slow, and others write meanwhile."""

    @staticmethod
    def meddle(monkeypatch: pytest.MonkeyPatch, times: int, **changes: Any) -> list[bool]:
        """Let somebody else write while the checks run; returns whether a transaction was open in each check."""
        checks: list[bool] = []

        def clean(schedule: ReportSchedule) -> None:
            checks.append(connection.in_atomic_block)
            clean_schedule(schedule)
            if len(checks) <= times:
                changed = {name: f"{value}{len(checks)}" for name, value in changes.items()}
                ReportSchedule.objects.filter(pk=schedule.pk).update(**changed)

        monkeypatch.setattr("django_report_scheduling.services.schedules.clean_schedule", clean)
        return checks

    def test_the_checks_run_before_anything_is_locked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule, checks = ReportScheduleFactory(), self.meddle(monkeypatch, 0)

        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, time_of_day=dt.time(9))

        assert checks == [False]

    def test_what_another_wrote_meanwhile_is_checked_again_and_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule, checks = ReportScheduleFactory(), self.meddle(monkeypatch, 1, name="Theirs ")

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, recipients=[])

        assert (updated.name, updated.recipients, len(checks)) == ("Theirs 1", [], 2)

    def test_what_the_system_writes_meanwhile_is_kept_without_another_check(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        schedule, checks = ReportScheduleFactory(), self.meddle(monkeypatch, 1, consecutive_failures="")

        updated = update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, recipients=[])

        assert (updated.consecutive_failures, updated.recipients, len(checks)) == (1, [], 1)

    def test_it_gives_up_when_others_never_stop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        schedule = ReportScheduleFactory()
        self.meddle(monkeypatch, 100, name="Theirs ")

        with pytest.raises(WrongState, match="Try again"):
            update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, recipients=[])
        schedule.refresh_from_db()
        assert schedule.recipients == ["client@customer.example"]


def test_locked_rows_do_not_hold_up_rows_that_refer_to_them() -> None:
    if not connection.features.has_select_for_no_key_update:
        pytest.skip("This database has no lock that leaves keys alone.")
    schedule = ReportScheduleFactory(state=ScheduleState.ENDED, next_run_at=None, ends_at=NOW)

    with CaptureQueriesContext(connection) as queries:
        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, ends_at=None)
        pause_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

    locks = [query["sql"] for query in queries if " FOR " in query["sql"]]
    assert len(locks) == 3
    assert all("FOR NO KEY UPDATE" in sql for sql in locks)


class TestDelete:
    def test_unfinished_reports_are_cancelled_and_finished_ones_stay(self) -> None:
        schedule = ReportScheduleFactory()
        running = GeneratedReportFactory(schedule=schedule, running=True)
        done = GeneratedReportFactory(schedule=schedule, succeeded=True, slot=NOW - WEEK)

        delete_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

        running.refresh_from_db()
        done.refresh_from_db()
        assert (running.status, running.schedule) == (ReportStatus.CANCELLED, None)
        assert (done.status, done.schedule) == (ReportStatus.SUCCEEDED, None)

    def test_attack_056_deliveries_that_wait_are_not_sent(self) -> None:
        delivery = DeliveryFactory()

        delete_schedule(schedule_id=delivery.report.schedule_id, actor=None, now=NOW)

        delivery.refresh_from_db()
        assert (delivery.status, delivery.error_message) == (
            DeliveryStatus.SUPPRESSED,
            "The schedule has been deleted.",
        )
        assert AuditEvent.objects.filter(verb="delivery.suppressed", object_id=str(delivery.pk)).exists()


class TestStates:
    def test_a_paused_schedule_goes_on_with_its_first_slot_after_it_is_resumed(self) -> None:
        schedule = ReportScheduleFactory()

        paused = pause_schedule(schedule_id=schedule.pk, actor=None, now=NOW, reason="holidays")
        assert (paused.state, paused.active, paused.state_reason) == (ScheduleState.PAUSED, False, "holidays")

        resumed = resume_schedule(schedule_id=schedule.pk, actor=None, now=NOW + WEEK)
        assert (resumed.state, resumed.next_run_at, resumed.state_reason) == ("active", NOW + 2 * WEEK, "")
        assert resumed.active
        assert not GeneratedReport.objects.exists()

    def test_reactivating_begins_with_a_clean_count(self) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.ERRORED, consecutive_failures=3)

        again = reactivate_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

        assert (again.state, again.consecutive_failures) == (ScheduleState.ACTIVE, 0)

    def test_a_schedule_without_slots_left_ends_when_it_is_resumed(self) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.PAUSED, ends_at=NOW + dt.timedelta(days=1))

        assert resume_schedule(schedule_id=schedule.pk, actor=None, now=NOW + WEEK).state == ScheduleState.ENDED

    @pytest.mark.parametrize(
        ("verb", "state"),
        [(pause_schedule, "paused"), (resume_schedule, "active"), (reactivate_schedule, "paused")],
    )
    def test_a_verb_that_does_not_fit_the_state_is_refused(self, verb: Any, state: str) -> None:
        schedule = ReportScheduleFactory(state=state)

        with pytest.raises(WrongState):
            verb(schedule_id=schedule.pk, actor=None, now=NOW)
