"""The coming runs of many schedules in one order, with an end to the work however many schedules there are."""

from __future__ import annotations

import datetime as dt
import heapq
import logging
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from django_report_scheduling.access.among import among
from django_report_scheduling.access.visibility import visible_schedules
from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.models import CalendarFeed, ReportSchedule
from django_report_scheduling.models.schedule import ReportScheduleQuerySet
from django_report_scheduling.services.unfit_schedules import UNFIT
from django_report_scheduling.services.upcoming_runs import UpcomingRun, runs_until

logger = logging.getLogger(__name__)

AHEAD: Final = dt.timedelta(days=90)
"""How far a calendar looks ahead."""
MOST: Final = 500
"""Events of a calendar, the soonest ones."""
READ: Final = (
    "account", "name", "report_type", "state", "next_run_at", "frequency", "day_of_week", "day_of_month", "time_of_day",
    "timezone", "recurrence", "starts_at", "ends_at", "created_at", "updated_at", "account__name", "account__locale",
    "account__number_format",
)  # fmt: skip


class Coming(NamedTuple):
    """A run to come, and whose it is."""

    schedule: ReportSchedule
    run: UpcomingRun


def coming_runs(feed: CalendarFeed, *, now: dt.datetime) -> list[Coming]:
    """Return what the owner of a feed may see of the coming runs at this moment, soonest first.

    A schedule that cannot be read or worked out is left out, and logged.

    :param now: aware.
    """
    until = now + AHEAD
    keys = soonest_schedules(feed, until=until).values_list("pk", flat=True)
    schedules = _read(ReportSchedule.objects.select_related("account").only(*READ), list(keys))
    each = [_of(schedule, now=now, until=until) for schedule in schedules]
    return list(islice(heapq.merge(*each, key=lambda coming: coming.run.slot), MOST))


def soonest_schedules(feed: CalendarFeed, *, until: dt.datetime) -> ReportScheduleQuerySet:
    """Return the schedules among whose runs the soonest of all must be: those that run soonest, one for each event.

    :param until: aware; schedules that run later are left out.
    """
    visible = visible_schedules(feed.owner).filter(account__active=True, state=ScheduleState.ACTIVE)
    visible = visible if feed.account_id is None else visible.filter(account=feed.account_id)
    return visible.filter(next_run_at__lte=until).order_by("next_run_at", "pk")[:MOST]


def _read(rows: ReportScheduleQuerySet, keys: list[Any]) -> Collection[ReportSchedule]:
    """Read the rows but those whose values are none that Python knows, which fail all that are read with them."""
    try:
        return list(rows.filter(among("pk", keys)))
    except UNFIT as error:
        if len(keys) == 1:
            _leave_out(keys[0], error)
            return ()
    half = len(keys) // 2
    return [*_read(rows, keys[:half]), *_read(rows, keys[half:])]


def _of(schedule: ReportSchedule, *, now: dt.datetime, until: dt.datetime) -> Iterator[Coming]:
    try:
        for run in runs_until(schedule=schedule, now=now, until=until):
            yield Coming(schedule, run)
    except (InvalidRecurrence, *UNFIT) as error:
        _leave_out(schedule.pk, error)


def _leave_out(key: Any, error: Exception) -> None:
    # Only the kind of the error: its text may hold data.
    logger.warning("Schedule %s is left out of a calendar: %s.", key, type(error).__name__)
