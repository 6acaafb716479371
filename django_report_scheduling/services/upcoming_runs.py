"""When a schedule will run next, for people who want to check what they have set up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import coming_slots, period_for, slots


@dataclass(frozen=True, slots=True)
class UpcomingRun:
    """A slot that has not run yet.

    :param slot: when it falls due, aware, in UTC.
    :param period: what its report will cover, in the schedule's zone.
    """

    slot: dt.datetime
    period: Period

    @property
    def local(self) -> dt.datetime:
        """The same instant as the clocks of the schedule's zone show it."""
        return self.slot.astimezone(self.period.start.tzinfo)


def upcoming_runs(*, schedule: ReportSchedule, now: dt.datetime, count: int) -> list[UpcomingRun]:
    """Return the next runs of a schedule, soonest first; fewer where it ends before, none unless it is active.

    The first is its ``next_run_at``, also where that has come and the tick is late. What then follows comes after
    ``now``: whether slots in between run is up to the misfire policy.

    :param now: aware.
    :raises InvalidRecurrence: its rule or time zone is no longer valid.
    """
    if schedule.state != ScheduleState.ACTIVE or schedule.next_run_at is None:
        return []
    recurrence = schedule.as_recurrence()
    later = slots(recurrence, after=max(now, schedule.next_run_at), count=count - 1)
    due = [schedule.next_run_at.astimezone(dt.UTC), *later]
    return [UpcomingRun(slot, period_for(recurrence, slot=slot)) for slot in due]


def runs_until(*, schedule: ReportSchedule, now: dt.datetime, until: dt.datetime) -> Iterator[UpcomingRun]:
    """Yield the same runs up to a moment, however many; lazy, each costs the same.

    :param now: aware.
    :param until: aware; a run at exactly that moment still belongs.
    :raises InvalidRecurrence: as above, with the first.
    """
    due = schedule.next_run_at
    if schedule.state != ScheduleState.ACTIVE or due is None or due > until:
        return
    recurrence = schedule.as_recurrence()
    for slot in chain([due.astimezone(dt.UTC)], coming_slots(recurrence, after=max(now, due), until=until)):
        yield UpcomingRun(slot, period_for(recurrence, slot=slot))
