"""Who asks again with the same key gets the same report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.idempotency import task_id_for
from django_report_scheduling.services.report_requests import run_now
from tests.factories import NOW, ReportScheduleFactory, UserFactory

LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def schedule(db: None) -> ReportSchedule:
    return ReportScheduleFactory()


@pytest.fixture
def actor(db: None) -> Any:
    return UserFactory(is_superuser=True)


def ask(first_schedule: ReportSchedule, first_actor: Any, **changes: Any) -> GeneratedReport:
    return run_now(**{"schedule": first_schedule, "actor": first_actor, "now": NOW, "idempotency_key": "a", **changes})


def test_asking_again_gives_the_report_of_the_first_time(schedule: ReportSchedule, actor: Any) -> None:
    first = ask(schedule, actor)

    again = ask(schedule, actor, now=LATER)

    assert (again.pk, again.slot) == (first.pk, NOW)
    assert GeneratedReport.objects.count() == 1
    assert AuditEvent.objects.filter(verb="report.requested.manual").count() == 1


def test_the_key_stays_that_of_the_report_after_it_has_finished(schedule: ReportSchedule, actor: Any) -> None:
    GeneratedReport.objects.filter(pk=ask(schedule, actor).pk).update(
        status=ReportStatus.SUCCEEDED, wake_at=None, finished_at=LATER
    )
    before = GeneratedReport.objects.values().get()

    again = ask(schedule, actor, now=LATER)

    assert again.status == ReportStatus.SUCCEEDED
    assert GeneratedReport.objects.values().get() == before


def test_asking_again_gives_the_same_answer_although_the_account_was_deactivated_since(
    schedule: ReportSchedule, actor: Any
) -> None:
    first = ask(schedule, actor)
    type(schedule.account).objects.update(active=False)

    assert ask(schedule, actor).pk == first.pk
    with pytest.raises(WrongState, match="is inactive"):
        ask(schedule, actor, idempotency_key="b")


def test_another_key_person_trigger_or_schedule_gives_another_report(schedule: ReportSchedule, actor: Any) -> None:
    changes: list[dict[str, Any]] = [
        {},
        {"idempotency_key": "b"},
        {"idempotency_key": None},
        {"actor": UserFactory(is_superuser=True)},
        {"actor": None},
        {"trigger": Trigger.PREVIEW},
        {"schedule": ReportScheduleFactory()},
    ]

    reports = {ask(schedule, actor, **change).pk for change in changes}

    assert len(reports) == len(changes)


@given(keys=st.lists(st.text(max_size=255), unique=True, min_size=2, max_size=5))
def test_different_keys_never_stand_for_the_same_report(keys: list[str]) -> None:
    schedule = ReportSchedule()

    ids = {task_id_for(schedule=schedule, actor=None, trigger=Trigger.MANUAL, key=key) for key in keys}

    assert len(ids) == len(keys)


def test_the_id_of_a_key_is_the_same_in_every_release() -> None:
    schedule = ReportSchedule(id="0190a6c2-0000-7000-8000-000000000001")

    task_id = task_id_for(schedule=schedule, actor=None, trigger=Trigger.MANUAL, key="first")

    assert task_id == "18277dea-e55e-5f89-b93f-1fe959830897"
