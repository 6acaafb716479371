"""First part of a tick: due schedules become reports, and each schedule moves on to its next slot."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from django_report_scheduling.choices import ScheduleState, Trigger
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.models.schedule import Place, ReportScheduleQuerySet
from django_report_scheduling.services.announcements import announce_state
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.bulk_writes import store_reports, store_schedules
from django_report_scheduling.services.due_slots import Expansion, expansion_of
from django_report_scheduling.services.short_transactions import short_transaction
from django_report_scheduling.services.skipped_reports import tell_of_skipped
from django_report_scheduling.services.stopping import reasons_to_stop, tell_stopped
from django_report_scheduling.services.unfit_schedules import UNFIT, take_out

logger = logging.getLogger(__name__)

LEFT_OUT = ("name", "active", "last_run_at", "consecutive_failures", "created_at", "updated_at")
"""What an expansion does not need of a schedule."""
ENOUGH: Final = 10_000
"""Reports after which a transaction takes no further schedule. After an outage of months each has a hundred slots, and
a whole batch of them would take minutes where the processor is slow: longer than locks may be held."""


class Batch(NamedTuple):
    """How many schedules were expanded, where in their order that ended, and whether more may be due behind it."""

    done: int
    end: Place | None
    more: bool


def expand_all_due(*, clock: Callable[[], dt.datetime], batch_size: int) -> int:
    """Turn all slots that have come into reports, batch after batch; returns how many schedules were due.

    Each batch begins where the one before ended, so that a late one does not wade through what the earlier ones left
    behind in the index. Schedules that another tick holds, or that fall due behind that place, are the next tick's.

    :param clock: returns the current time, aware, by the database's clock.
    """
    total, batch = 0, Batch(0, None, more=True)
    while batch.more:
        batch = _expand_batch(now=clock(), limit=batch_size, since=batch.end)
        total += batch.done
    return total


def expand_due_schedules(*, now: dt.datetime, limit: int) -> int:
    """Turn the slots that have come into reports; returns for how many schedules.

    One short transaction: the reports, the schedules' next runs and the record of both appear together or not at
    all, and ``(schedule, slot, trigger)`` is unique, so each slot becomes one report however many ticks run at once.
    A schedule that cannot run is taken out with the reason and does not hold up the others: its due slot becomes a
    skipped report, and where a mistake has to be mended people are told.

    :param now: aware, the database's clock.
    :param limit: how many schedules to take at most; fewer are where they have missed many slots.
    """
    return _expand_batch(now=now, limit=limit).done


def expand_schedule(schedule: ReportSchedule, *, now: dt.datetime) -> None:
    """Do the same for one due schedule that the caller holds locked, inside the caller's transaction."""
    _expand([schedule], now=now)


def _expand_batch(*, now: dt.datetime, limit: int, since: Place | None = None) -> Batch:
    try:
        with short_transaction():
            due = list(_claimable(ReportSchedule.objects.due(now=now, since=since))[:limit])
            places = [since, *(schedule.place for schedule in due)]
            done = _expand(due, now=now)
    except UNFIT:
        logger.exception("A batch of due schedules could not be read or stored; trying them one by one.")
        return _expand_one_by_one(now=now, limit=limit, since=since)
    return Batch(done, places[done], more=done < len(due) or len(due) >= limit)


def _expand_one_by_one(*, now: dt.datetime, limit: int, since: Place | None) -> Batch:
    """One row of the batch holds what cannot be read or stored: find it, and let the others go on."""
    keys = list(ReportSchedule.objects.due(now=now, since=since).fresh().values_list("pk", flat=True)[:limit])
    end, left = since, 0
    for key in keys:
        try:
            with short_transaction():
                due = list(_claimable(ReportSchedule.objects.due(now=now).filter(pk=key)))
                end = due[0].place if due else end
                _expand(due, now=now)
        except UNFIT as error:
            logger.exception("Schedule %s could not be read or stored; it is stopped.", key)
            taken_out = take_out(key, error, store=lambda expansion: _store([expansion], now=now), now=now)
            left += not taken_out
    done = len(keys) - left
    return Batch(done, end, more=done >= limit)


def _claimable(due: ReportScheduleQuerySet) -> ReportScheduleQuerySet:
    own = [field.name for field in ReportSchedule._meta.concrete_fields if field.name not in LEFT_OUT]
    return due.claimable().select_related("account").only(*own, "account__active")


def _expand(schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> int:
    """Expand the first ones, as many as make ``ENOUGH`` reports; returns how many."""
    stops, reports = reasons_to_stop(schedules), 0
    expansions = []
    for schedule in schedules:
        if reports >= ENOUGH:
            break
        expansions.append(expansion_of(schedule, stops.get(schedule.pk), now=now))
        reports += len(expansions[-1].reports)
    _store(expansions, now=now)
    return len(expansions)


def _store(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    store_reports(expansions, now=now)
    store_schedules([expansion.schedule for expansion in expansions], now=now)
    record_all([event for expansion in expansions for event in _events(expansion, now=now)])
    tell_of_skipped(expansions, now=now)
    _tell_people([expansion for expansion in expansions if expansion.stop is not None], now=now)
    for expansion in expansions:
        if expansion.schedule.state != ScheduleState.ACTIVE:
            announce_state(expansion.schedule)


def _tell_people(stopped: Sequence[Expansion], *, now: dt.datetime) -> None:
    # The slot may have had its report already; then the skipped one was not stored.
    slots = {(expansion.schedule.pk, report.slot) for expansion in stopped for report in expansion.reports}
    reports = GeneratedReport.objects.fresh().filter(
        schedule__in={schedule for schedule, _slot in slots}, slot__in={slot for _schedule, slot in slots}
    )
    stored = {(report.schedule_id, report.slot): report for report in reports.filter(trigger=Trigger.SCHEDULE)}
    for schedule, stop, slot in ((each.schedule, each.stop, each.reports[0].slot) for each in stopped):
        if stop is not None:
            tell_stopped(schedule, stored[schedule.pk, slot], stop, now=now)


def _events(expansion: Expansion, *, now: dt.datetime) -> Iterator[AuditEvent]:
    schedule = expansion.schedule
    if expansion.unlisted:
        yield audit_event("schedule.slots_missed", schedule, at=now, data={"unlisted": expansion.unlisted})
    if schedule.state != ScheduleState.ACTIVE:
        data = {"reason": schedule.state_reason} if schedule.state_reason else None
        yield audit_event(f"schedule.{schedule.state}", schedule, at=now, data=data)
