"""First part of a tick: due schedules become reports, and each schedule moves on to its next slot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction

from django_report_scheduling.choices import ErrorCode, MisfirePolicy, ScheduleState, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import ValidationFailed
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.recurrence import CatchUp, Recurrence, period_for, plan_catch_up
from django_report_scheduling.reports import registry
from django_report_scheduling.services.announcements import announce_state
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.failures import tell
from django_report_scheduling.services.new_reports import new_missed_report, new_report, new_skipped_report

ADVANCED_FIELDS = ("state", "state_reason", "next_run_at", "updated_at")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expansion:
    """What becomes of one due schedule.

    :param reports: one for each slot, not yet saved.
    :param unlisted: slots that were missed on top and get no row, because there are too many.
    :param failed: the schedule cannot go on because of a mistake that people have to mend.
    """

    schedule: ReportSchedule
    reports: Sequence[GeneratedReport]
    unlisted: int = 0
    failed: bool = False


def expand_due_schedules(*, now: dt.datetime, limit: int) -> int:
    """Turn the slots that have come into reports; returns how many schedules were due.

    One short transaction: the reports, the schedules' next runs and the record of both appear together or not at
    all, and ``(schedule, slot, trigger)`` is unique, so each slot becomes one report however many ticks run at once.
    A schedule that cannot run is taken out with the reason and does not hold up the others: its due slot becomes a
    skipped report, and where a mistake has to be mended people are told.

    :param now: aware, the database's clock.
    :param limit: how many schedules to take at most.
    """
    with transaction.atomic():
        due = list(ReportSchedule.objects.due(now=now).claimable().select_related("account")[:limit])
        _store([_expand(schedule, now=now) for schedule in due], now=now)
    return len(due)


def expand_schedule(schedule: ReportSchedule, *, now: dt.datetime) -> None:
    """Do the same for one due schedule that the caller holds locked, inside the caller's transaction."""
    _store([_expand(schedule, now=now)], now=now)


def _store(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    schedules = [expansion.schedule for expansion in expansions]
    for schedule in schedules:
        schedule.updated_at = now
    GeneratedReport.objects.bulk_create(
        [report for expansion in expansions for report in expansion.reports], ignore_conflicts=True
    )
    ReportSchedule.objects.bulk_update(schedules, ADVANCED_FIELDS)
    record_all(event for expansion in expansions for event in _events(expansion, now=now))
    for expansion in expansions:
        if expansion.failed:
            _tell_people(expansion, now=now)
        if expansion.schedule.state != ScheduleState.ACTIVE:
            announce_state(expansion.schedule)


def _tell_people(expansion: Expansion, *, now: dt.datetime) -> None:
    # The slot may have had its report already; then the skipped one was not stored.
    schedule, (skipped,) = expansion.schedule, expansion.reports
    stored = GeneratedReport.objects.get(schedule=schedule, slot=skipped.slot, trigger=Trigger.SCHEDULE)
    tell(schedule, stored, now=now)


def _expand(schedule: ReportSchedule, *, now: dt.datetime) -> Expansion:
    if not schedule.account.active:
        return _stop(schedule, ScheduleState.PAUSED, "account_inactive", now=now)
    if schedule.report_type not in registry:
        code = ErrorCode.UNKNOWN_REPORT_TYPE
        message = f"No report type is registered under “{schedule.report_type}”."
        return _stop(schedule, ScheduleState.PAUSED, code.value, error=(code, message), now=now)
    try:
        recurrence = schedule.as_recurrence()
        return _reports(schedule, recurrence, _plan(schedule, recurrence, now=now), now=now)
    except ValidationFailed as invalid:
        code = ErrorCode.INVALID_SCHEDULE
        reason = f"{code.value}: {invalid}"[:200]
        return _stop(schedule, ScheduleState.ERRORED, reason, error=(code, str(invalid)), now=now)


def _plan(schedule: ReportSchedule, recurrence: Recurrence, *, now: dt.datetime) -> CatchUp:
    return plan_catch_up(
        recurrence,
        due=_due_slot(schedule),
        now=now,
        policy=MisfirePolicy(schedule.misfire_policy),
        grace=schedule.misfire_grace,
        cap=conf.MAX_CATCH_UP,
    )


def _reports(schedule: ReportSchedule, recurrence: Recurrence, plan: CatchUp, *, now: dt.datetime) -> Expansion:
    missed = [
        new_missed_report(
            schedule, slot=slot, period=period_for(recurrence, slot=slot), now=now, reason=schedule.misfire_policy
        )
        for slot in plan.missed
    ]
    run = [
        new_report(schedule, slot=slot, period=period_for(recurrence, slot=slot), trigger=Trigger.SCHEDULE, now=now)
        for slot in plan.run
    ]
    schedule.next_run_at = plan.next_slot
    if plan.next_slot is None:
        schedule.state = ScheduleState.ENDED
    return Expansion(schedule=schedule, reports=missed + run, unlisted=plan.unlisted)


def _stop(
    schedule: ReportSchedule,
    state: ScheduleState,
    reason: str,
    *,
    now: dt.datetime,
    error: tuple[ErrorCode, str] | None = None,
) -> Expansion:
    schedule.state = state
    schedule.state_reason = reason
    skipped = new_skipped_report(schedule, slot=_due_slot(schedule), now=now, reason=reason, error=error)
    return Expansion(schedule=schedule, reports=[skipped], failed=error is not None)


def _due_slot(schedule: ReportSchedule) -> dt.datetime:
    assert schedule.next_run_at is not None  # noqa: S101  # the database holds it: rs_schedule_active_has_next_run
    return schedule.next_run_at


def _events(expansion: Expansion, *, now: dt.datetime) -> Iterator[AuditEvent]:
    schedule = expansion.schedule
    for report in expansion.reports:
        yield audit_event(f"report.{report.status}", report, at=now, data={"slot": report.slot.isoformat()})
    if expansion.unlisted:
        yield audit_event("schedule.slots_missed", schedule, at=now, data={"unlisted": expansion.unlisted})
    if schedule.state != ScheduleState.ACTIVE:
        data = {"reason": schedule.state_reason} if schedule.state_reason else None
        yield audit_event(f"schedule.{schedule.state}", schedule, at=now, data=data)
