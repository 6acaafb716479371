"""Moving a schedule between its states."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import Event, ScheduleState
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.recurrence import next_slot
from django_report_scheduling.reports import registry
from django_report_scheduling.services.announcements import announce_state
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_administrator
from django_report_scheduling.services.held_rows import schedule_held_for
from django_report_scheduling.services.owners import take_over_if_orphaned
from django_report_scheduling.services.webhooks.events import tell_of_schedule


def pause_schedule(
    *, schedule_id: Any, actor: AbstractUser | None, now: dt.datetime, reason: str = ""
) -> ReportSchedule:
    """Stop a schedule from falling due until it is resumed.

    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: it is not active.
    """
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        schedule = schedule_held_for(actor, schedule_id)
        _require_state(schedule, ScheduleState.ACTIVE)
        return set_state(schedule, ScheduleState.PAUSED, reason=reason, actor=actor, now=now)


def resume_schedule(*, schedule_id: Any, actor: AbstractUser | None, now: dt.datetime) -> ReportSchedule:
    """Let a paused schedule go on with its first slot after ``now``; slots that passed meanwhile stay past.

    Where the owner may not own it any more, the actor takes it over; ``None`` leaves it without an owner.

    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: it is not paused; or it would be paused again at its next slot, because its account is
        inactive or its report type is not registered.
    :raises InvalidRecurrence: its rule or time zone is no longer valid.
    """
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        schedule = schedule_held_for(actor, schedule_id)
        _require_state(schedule, ScheduleState.PAUSED)
        return _activate(schedule, actor=actor, now=now)


def reactivate_schedule(*, schedule_id: Any, actor: AbstractUser | None, now: dt.datetime) -> ReportSchedule:
    """Let a schedule that was stopped after errors go on, with a clean count. An administrator's act.

    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises NotPermitted: the actor is not an administrator.
    :raises WrongState: it is not errored; or as :func:`resume_schedule`.
    :raises InvalidRecurrence: its rule or time zone is no longer valid.
    """
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        schedule = schedule_held_for(actor, schedule_id)
        require_administrator(actor)
        _require_state(schedule, ScheduleState.ERRORED)
        schedule.consecutive_failures = 0
        _activate(schedule, actor=actor, now=now)
        if schedule.state == ScheduleState.ACTIVE:
            tell_of_schedule(Event.SCHEDULE_REACTIVATED, schedule, now=now)
        return schedule


def set_state(
    schedule: ReportSchedule, state: ScheduleState, *, reason: str, actor: AbstractUser | None, now: dt.datetime
) -> ReportSchedule:
    """Store the new state of a schedule that the caller holds locked, and write it down."""
    schedule.state = state
    schedule.state_reason = reason[:200]
    schedule.save(update_fields=["state", "state_reason", "next_run_at", "consecutive_failures", "updated_at"])
    tell_state(schedule, actor=actor, now=now)
    return schedule


def tell_state(schedule: ReportSchedule, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Write down and announce the stored state of a schedule, and make the row in memory agree with it."""
    data = {"reason": schedule.state_reason} if schedule.state_reason else None
    record(f"schedule.{ScheduleState(schedule.state).value}", schedule, at=now, actor=actor, data=data)
    schedule.refresh_from_db(fields=["active"])  # Django 5.2 reads generated columns back only after an INSERT
    announce_state(schedule)


def _activate(schedule: ReportSchedule, *, actor: AbstractUser | None, now: dt.datetime) -> ReportSchedule:
    _require_runnable(schedule)
    take_over_if_orphaned(schedule, actor=actor, now=now)
    schedule.next_run_at = next_slot(schedule.as_recurrence(), after=now)
    state = ScheduleState.ACTIVE if schedule.next_run_at else ScheduleState.ENDED
    return set_state(schedule, state, reason="", actor=actor, now=now)


def _require_runnable(schedule: ReportSchedule) -> None:
    """What the next tick would stop is refused now, while the person who can mend it is looking."""
    if not schedule.account.active:
        raise WrongState(
            _("The account “%(account)s” is inactive: no reports are made for it. Activate it first.")
            % {"account": schedule.account.name}
        )
    if schedule.report_type not in registry:
        raise WrongState(
            _("No report type is registered under “%(key)s”. Install it again, or choose another type first.")
            % {"key": schedule.report_type}
        )


def _require_state(schedule: ReportSchedule, required: ScheduleState) -> None:
    if schedule.state != required:
        raise WrongState(
            _("The schedule is %(state)s; this is possible only while it is %(required)s.")
            % {"state": schedule.get_state_display(), "required": required.label}
        )
