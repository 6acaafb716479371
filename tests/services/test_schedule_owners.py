"""Whoever lets a schedule go on answers for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import PauseReason, Role, ScheduleState
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.services.schedule_states import reactivate_schedule, resume_schedule
from django_report_scheduling.services.stopping import reasons_to_stop
from tests.factories import NOW, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def manager_of(schedule: ReportSchedule, **fields: Any) -> Any:
    user = UserFactory(**fields)
    grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


@pytest.fixture
def orphan() -> ReportSchedule:
    """A schedule that was paused because its owner lost the role."""
    reason = PauseReason.OWNER_WITHOUT_ROLE
    return ReportScheduleFactory(created_by=UserFactory(), state=ScheduleState.PAUSED, state_reason=reason)


def test_whoever_resumes_takes_over_and_it_is_not_paused_again(orphan: ReportSchedule) -> None:
    manager, before = manager_of(orphan), orphan.created_by_id

    resumed = resume_schedule(schedule_id=orphan.pk, actor=manager, now=NOW)

    assert (resumed.state, resumed.state_reason, resumed.created_by) == (ScheduleState.ACTIVE, "", manager)
    assert not reasons_to_stop([resumed])
    event = AuditEvent.objects.get(verb="schedule.owner_changed")
    assert (event.actor, event.data) == (manager, {"from": str(before), "to": str(manager.pk)})


def test_the_system_resumes_without_an_owner(orphan: ReportSchedule) -> None:
    resumed = resume_schedule(schedule_id=orphan.pk, actor=None, now=NOW)

    assert (resumed.created_by, resumed.ownerless) == (None, True)
    assert not reasons_to_stop([resumed])
    assert AuditEvent.objects.get(verb="schedule.owner_changed").data["to"] is None


def test_after_the_owner_was_deleted_too(orphan: ReportSchedule) -> None:
    orphan.created_by.delete()
    manager = manager_of(orphan)

    assert resume_schedule(schedule_id=orphan.pk, actor=manager, now=NOW).created_by == manager


def test_a_fit_owner_stays_the_owner() -> None:
    schedule = ReportScheduleFactory(state=ScheduleState.PAUSED)
    owner, other = manager_of(schedule), manager_of(schedule)
    ReportSchedule.objects.update(created_by=owner, ownerless=False)

    assert resume_schedule(schedule_id=schedule.pk, actor=other, now=NOW).created_by == owner
    assert not AuditEvent.objects.filter(verb="schedule.owner_changed").exists()


def test_a_schedule_of_the_system_stays_so() -> None:
    schedule = ReportScheduleFactory(state=ScheduleState.PAUSED)

    assert resume_schedule(schedule_id=schedule.pk, actor=manager_of(schedule), now=NOW).created_by is None


def test_an_administrator_who_reactivates_takes_over_too() -> None:
    schedule = ReportScheduleFactory(created_by=UserFactory(), state=ScheduleState.ERRORED, consecutive_failures=3)
    boss = UserFactory(is_superuser=True)

    assert reactivate_schedule(schedule_id=schedule.pk, actor=boss, now=NOW).created_by == boss


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"account__active": False}, "is inactive: no reports are made for it. Activate it first"),
        ({"report_type": "gone"}, "No report type is registered under “gone”. Install it again"),
        ({"timezone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
@pytest.mark.parametrize(("verb", "state"), [(resume_schedule, "paused"), (reactivate_schedule, "errored")])
def test_what_would_be_stopped_again_at_once_is_refused_with_the_reason(
    verb: Callable[..., ReportSchedule], state: str, fields: dict[str, Any], message: str
) -> None:
    schedule = ReportScheduleFactory(state=state, **fields)

    with pytest.raises(ReportSchedulingError, match=message):
        verb(schedule_id=schedule.pk, actor=None, now=NOW)

    schedule.refresh_from_db()
    assert schedule.state == state
