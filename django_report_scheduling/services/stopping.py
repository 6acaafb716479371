"""Why a due schedule cannot run, asked for a whole batch at once, and who hears of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django_report_scheduling.access.owners import UnfitOwners, unfit_owners
from django_report_scheduling.choices import OWNER_REASONS, ErrorCode, Event, PauseReason, ScheduleState
from django_report_scheduling.exceptions import ValidationFailed
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.reports import registry
from django_report_scheduling.services.notices import tell
from django_report_scheduling.services.webhooks.events import tell_of_schedule

MAX_REASON: Final = 200
"""Characters of a state's reason."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a schedule that cannot run goes, and why.

    :param reason: its ``state_reason``; for a pause one of :class:`PauseReason`.
    :param error: code and safe text for the skipped report, where people have to mend a mistake.
    """

    state: ScheduleState
    reason: str
    error: tuple[ErrorCode, str] | None = None


def reasons_to_stop(schedules: Sequence[ReportSchedule]) -> Mapping[uuid.UUID, Stop]:
    """Return, by schedule id, those that must not run; at most five queries for any number of schedules.

    :param schedules: with their accounts loaded.
    """
    owned = [schedule for schedule in schedules if schedule.created_by_id is not None]
    unfit = unfit_owners({(schedule.created_by_id, schedule.account_id) for schedule in owned})
    found = ((schedule.pk, _reason_to_stop(schedule, unfit)) for schedule in schedules)
    return {pk: stop for pk, stop in found if stop is not None}


def _reason_to_stop(schedule: ReportSchedule, unfit: UnfitOwners) -> Stop | None:
    if not schedule.account.active:
        return _pause(PauseReason.ACCOUNT_INACTIVE)
    if schedule.report_type not in registry:
        message = f"No report type is registered under “{schedule.report_type}”."
        return _pause(PauseReason.UNKNOWN_REPORT_TYPE, (ErrorCode.UNKNOWN_REPORT_TYPE, message))
    reason = _reason_against_owner(schedule, unfit)
    return _pause(reason) if reason else None


def _reason_against_owner(schedule: ReportSchedule, unfit: UnfitOwners) -> PauseReason | None:
    owner = schedule.created_by_id
    if owner is None:
        return None if schedule.ownerless else PauseReason.OWNER_DELETED
    if owner in unfit.inactive:
        return PauseReason.OWNER_INACTIVE
    return PauseReason.OWNER_WITHOUT_ROLE if (owner, schedule.account_id) in unfit.without_role else None


def _pause(reason: PauseReason, error: tuple[ErrorCode, str] | None = None) -> Stop:
    return Stop(ScheduleState.PAUSED, reason.value, error)


def invalid_schedule(error: ValidationFailed) -> Stop:
    """Return the end of a schedule whose own rule or time zone is no longer valid."""
    code = ErrorCode.INVALID_SCHEDULE
    return Stop(ScheduleState.ERRORED, f"{code.value}: {error}"[:MAX_REASON], (code, str(error)))


def tell_stopped(schedule: ReportSchedule, report: GeneratedReport, stop: Stop, *, now: dt.datetime) -> None:
    """Tell, once, those whom a stop concerns; nobody where an account was deactivated, which was somebody's act.

    :param report: the stored report of the slot that met the stop; the notices hang on it.
    """
    if stop.error is not None:
        tell(schedule, report, now=now)
        if stop.state == ScheduleState.ERRORED:
            tell_of_schedule(Event.SCHEDULE_ERRORED, schedule, report=report, now=now)
    elif stop.reason in OWNER_REASONS:
        tell(schedule, report, now=now, event=Event.SCHEDULE_PAUSED)
