"""Attack 094: the role is asked for inside the transaction that writes, before anything else is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, connections
from pytest_django import Settings

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import ReportStatus, Role, ScheduleState
from django_report_scheduling.exceptions import NotPermitted
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services import held_rows
from django_report_scheduling.services.cancellation import cancel_report
from django_report_scheduling.services.report_requests import backfill, redeliver, retry_report, run_now
from django_report_scheduling.services.schedule_states import pause_schedule, reactivate_schedule, resume_schedule
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

Act = Callable[[Any], object]
Prepare = Callable[[], Act]


def on_schedule(verb: Callable[..., object], state: ScheduleState) -> Prepare:
    def prepare() -> Act:
        schedule = ReportScheduleFactory(state=state)
        return lambda actor: verb(schedule_id=schedule.pk, actor=actor, now=NOW)

    return prepare


def on_report(verb: Callable[..., object], status: ReportStatus) -> Prepare:
    def prepare() -> Act:
        report = GeneratedReportFactory(status=status, wake_at=NOW if status == ReportStatus.PENDING else None)
        return lambda actor: verb(report_id=report.pk, actor=actor, now=NOW)

    return prepare


def run() -> Act:
    schedule = ReportScheduleFactory()
    return lambda actor: run_now(schedule=schedule, actor=actor, now=NOW)


def fill() -> Act:
    schedule = ReportScheduleFactory()
    return lambda actor: backfill(schedule=schedule, slot=NOW - dt.timedelta(days=7), actor=actor, now=NOW)


VERBS = {
    "run": run,
    "backfill": fill,
    "pause": on_schedule(pause_schedule, ScheduleState.ACTIVE),
    "resume": on_schedule(resume_schedule, ScheduleState.PAUSED),
    "retry": on_report(retry_report, ReportStatus.FAILED),
    "redeliver": on_report(redeliver, ReportStatus.SUCCEEDED),
    "cancel": on_report(cancel_report, ReportStatus.PENDING),
}
REACTIVATE = on_schedule(reactivate_schedule, ScheduleState.ERRORED)
each_verb = pytest.mark.parametrize("prepare", VERBS.values(), ids=VERBS)


def the_account() -> Any:
    (schedule,) = ReportSchedule.objects.select_related("account")
    return schedule.account


def rows() -> list[Any]:
    return [list(model.objects.values()) for model in (ReportSchedule, GeneratedReport, AuditEvent)]


@each_verb
@pytest.mark.parametrize("role", [None, Role.CLIENT])
def test_attack_094_who_does_not_manage_the_account_is_refused_and_nothing_is_written(
    prepare: Prepare, role: Role | None
) -> None:
    act, actor = prepare(), UserFactory()
    if role:
        grant(account=the_account(), holder=actor, role=role)
    before = rows()

    with pytest.raises(NotPermitted):
        act(actor)
    assert rows() == before


@each_verb
def test_who_manages_the_account_may(prepare: Prepare) -> None:
    act, actor = prepare(), UserFactory()
    grant(account=the_account(), holder=actor, role=Role.ACCOUNT_MANAGER)

    act(actor)

    assert AuditEvent.objects.filter(actor=actor).exists()


@pytest.mark.parametrize("prepare", [*VERBS.values(), REACTIVATE], ids=[*VERBS, "reactivate"])
def test_attack_094_a_role_that_is_lost_while_the_row_is_waited_for_no_longer_counts(
    prepare: Prepare, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, actor = prepare(), UserFactory(is_superuser=True)
    require = held_rows.require_manager

    def lose_first(user: Any, account_id: Any) -> None:
        assert connection.in_atomic_block
        type(user).objects.filter(pk=user.pk).update(is_superuser=False)
        require(user, account_id)

    monkeypatch.setattr(held_rows, "require_manager", lose_first)

    with pytest.raises(NotPermitted):
        act(actor)


def test_a_role_that_was_taken_away_no_longer_counts() -> None:
    act, actor = run(), UserFactory()
    grant(account=the_account(), holder=actor, role=Role.ACCOUNT_MANAGER)
    revoke(account=the_account(), holder=actor)

    with pytest.raises(NotPermitted):
        act(actor)


@pytest.mark.parametrize("role", list(Role))
def test_only_an_administrator_reactivates(role: Role) -> None:
    act, actor = REACTIVATE(), UserFactory()
    grant(account=the_account(), holder=actor, role=role)

    with pytest.raises(NotPermitted):
        act(actor)
    act(UserFactory(is_superuser=True))

    assert ReportSchedule.objects.get().state == ScheduleState.ACTIVE


@pytest.mark.parametrize(
    "prepare",
    [
        on_schedule(pause_schedule, ScheduleState.ENDED),
        on_schedule(resume_schedule, ScheduleState.ENDED),
        on_schedule(reactivate_schedule, ScheduleState.ENDED),
        on_report(retry_report, ReportStatus.SUCCEEDED),
        on_report(redeliver, ReportStatus.FAILED),
        on_report(cancel_report, ReportStatus.SUCCEEDED),
        run,
        fill,
    ],
)
def test_a_stranger_is_not_told_in_what_state_a_row_is(prepare: Prepare) -> None:
    act = prepare()
    type(the_account()).objects.update(active=False)

    with pytest.raises(NotPermitted):
        act(UserFactory())


@pytest.mark.parametrize("prepare", [*VERBS.values(), REACTIVATE], ids=[*VERBS, "reactivate"])
def test_what_has_been_deleted_meanwhile_is_not_there(prepare: Prepare) -> None:
    act = prepare()
    GeneratedReport.objects.all().delete()
    ReportSchedule.objects.all().delete()

    with pytest.raises(ObjectDoesNotExist):
        act(None)
    assert not GeneratedReport.objects.exists()


@pytest.mark.parametrize("prepare", [*VERBS.values(), REACTIVATE], ids=[*VERBS, "reactivate"])
@pytest.mark.django_db(transaction=True)
def test_the_transaction_is_on_the_database_that_rows_are_written_to(prepare: Prepare, settings: Settings) -> None:
    act = prepare()
    connections["elsewhere"] = connection.copy("elsewhere")
    settings.DATABASE_ROUTERS = ["tests.services.elsewhere_router.KeptElsewhere"]
    writes: list[tuple[bool, bool]] = []

    def note(execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            writes.append((connections["elsewhere"].in_atomic_block, connection.in_atomic_block))
        return execute(sql, *arguments)

    try:
        with connections["elsewhere"].execute_wrapper(note):
            act(None)
    finally:
        connections["elsewhere"].close()
        del connections["elsewhere"]
    assert set(writes) == {(True, False)}
