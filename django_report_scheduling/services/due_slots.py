"""What becomes of one due schedule: a report for each slot that has come, and the slot to wait for next.

Nothing here asks the database, and nothing that a row may hold gets past: a schedule that cannot be worked out is one
that stops, with the reason.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from django_report_scheduling.choices import ErrorCode, MisfirePolicy, ReportStatus, ScheduleState
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import ValidationFailed
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import Recurrence, period_for, plan_catch_up
from django_report_scheduling.recurrence.wall_clock import find_zone
from django_report_scheduling.services.stopping import Stop, invalid_schedule

logger = logging.getLogger(__name__)

DAY: Final = dt.timedelta(days=1)
NO_DELAY: Final = dt.timedelta()
CATCH_UP_GAP: Final = dt.timedelta(minutes=1)
"""Between the starts of reports of one schedule that are made up for, so that nobody gets them all at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotReport:
    """What the report of one slot has of its own; everything else is copied from the schedule.

    :param timezone: in which its period is read.
    :param reason: why nothing is to run.
    :param error: code and safe text, for people who look for what went wrong.
    :param delay: how long after its making the report is handed out.
    """

    slot: dt.datetime
    period: Period
    timezone: str
    status: ReportStatus = ReportStatus.PENDING
    reason: str = ""
    error: tuple[ErrorCode, str] | None = None
    delay: dt.timedelta = NO_DELAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Expansion:
    """What becomes of one due schedule, which has its new state and next run already, but is not stored.

    :param reports: one for each slot, oldest first.
    :param unlisted: slots that were missed on top and get no report, because there are too many.
    :param stop: why the schedule does not go on; its due slot is a skipped report then.
    """

    schedule: ReportSchedule
    reports: Sequence[SlotReport]
    unlisted: int = 0
    stop: Stop | None = None


def expansion_of(schedule: ReportSchedule, stop: Stop | None, *, now: dt.datetime) -> Expansion:
    """Work out what becomes of a due schedule.

    :param stop: why it must not run, when that is known already.
    """
    if stop is not None:
        return stopped(schedule, stop, now=now)
    try:
        return _moved_on(schedule, now=now)
    except ValidationFailed as invalid:
        return stopped(schedule, invalid_schedule(invalid), now=now)
    except Exception as unexpected:
        logger.exception("Schedule %s could not be worked out; it is stopped.", schedule.pk)
        return stopped(schedule, unworkable(unexpected), now=now)


def stopped(schedule: ReportSchedule, stop: Stop, *, now: dt.datetime) -> Expansion:
    """Take a schedule out; its due slot becomes a skipped report.

    Where the rule does not tell the period, the day before the slot stands in for it, and UTC for a time zone that
    does not exist.
    """
    slot = schedule.next_run_at or now
    zone = schedule.timezone if find_zone(schedule.timezone) else "UTC"
    schedule.state = stop.state
    schedule.state_reason = stop.reason
    skipped = SlotReport(
        slot=slot,
        period=_period_of_stopped(schedule, slot),
        timezone=zone,
        status=ReportStatus.SKIPPED,
        reason=stop.reason,
        error=stop.error,
    )
    return Expansion(schedule=schedule, reports=[skipped], stop=stop)


def unworkable(error: Exception) -> Stop:
    """Return the end of a schedule that fails where nothing should.

    :param error: its kind is told; its text, which may hold data, is left to the log.
    """
    code = ErrorCode.INVALID_SCHEDULE
    message = _("The schedule could not be worked out (%(error)s). The log of the tick has the details.")
    text = message % {"error": type(error).__name__}
    return Stop(ScheduleState.ERRORED, f"{code.value}: {text}", (code, text))


def _moved_on(schedule: ReportSchedule, *, now: dt.datetime) -> Expansion:
    _require_sound_columns(schedule)
    due, recurrence = schedule.next_run_at, schedule.as_recurrence()
    assert due is not None  # noqa: S101  # the database holds it: rs_schedule_active_has_next_run
    plan = plan_catch_up(
        recurrence,
        due=due,
        now=now,
        policy=MisfirePolicy(schedule.misfire_policy),
        grace=schedule.misfire_grace,
        cap=conf.MAX_CATCH_UP,
    )
    missed = [
        _report(schedule, recurrence, slot, status=ReportStatus.MISSED, reason=schedule.misfire_policy)
        for slot in plan.missed
    ]
    run = [_report(schedule, recurrence, slot, delay=number * CATCH_UP_GAP) for number, slot in enumerate(plan.run)]
    schedule.next_run_at = plan.next_slot
    if plan.next_slot is None:
        schedule.state = ScheduleState.ENDED
    return Expansion(schedule=schedule, reports=missed + run, unlisted=plan.unlisted)


def _report(
    schedule: ReportSchedule,
    recurrence: Recurrence,
    slot: dt.datetime,
    *,
    status: ReportStatus = ReportStatus.PENDING,
    reason: str = "",
    delay: dt.timedelta = NO_DELAY,
) -> SlotReport:
    period = period_for(recurrence, slot=slot)
    return SlotReport(slot=slot, period=period, timezone=schedule.timezone, status=status, reason=reason, delay=delay)


def _require_sound_columns(schedule: ReportSchedule) -> None:
    """Refuse what no form lets through, but an UPDATE by hand does.

    :raises ValidationFailed: with a message for each column.
    """
    problems = {}
    if not isinstance(schedule.parameters, dict):
        problems["parameters"] = [_("Parameters are a JSON object, such as {}.")]
    if not schedule.formats or not _texts(schedule.formats):
        problems["formats"] = [_('Formats are a JSON list of names, such as ["pdf"].')]
    if not _texts(schedule.recipients):
        problems["recipients"] = [_('Recipients are a JSON list of mail addresses, such as ["a@example.com"].')]
    if schedule.misfire_policy not in MisfirePolicy:
        problems["misfire_policy"] = [_("This is not a misfire policy; choose latest, all or skip.")]
    if schedule.misfire_grace < dt.timedelta():
        problems["misfire_grace"] = [_("The grace is not below zero.")]
    if problems:
        raise ValidationFailed(problems)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _period_of_stopped(schedule: ReportSchedule, slot: dt.datetime) -> Period:
    try:
        return period_for(schedule.as_recurrence(), slot=slot)
    except Exception:  # noqa: BLE001  # why it fails is what the schedule is stopped for
        year_one = slot < dt.datetime.min.replace(tzinfo=dt.UTC) + 2 * DAY
        return Period(start=slot, end=slot + DAY) if year_one else Period(start=slot - DAY, end=slot)
