"""What to do with the slots that came due while nothing was looking."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from django_report_scheduling.choices import MisfirePolicy
from django_report_scheduling.recurrence.recurrence import Recurrence
from django_report_scheduling.recurrence.timeline import INSTANT, Timeline
from django_report_scheduling.recurrence.wall_clock import in_utc

COUNTED_AT_MOST = 2500
"""A quarter of a year of hours; counting further would cost more than the number is worth."""
REMEMBERED = 256
"""Plans that are kept: of a thousand schedules that fall due at 09:00 most have the same one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatchUp:
    """A plan for the due slots of one schedule.

    :param run: slots that get a report, oldest first.
    :param missed: slots that are recorded as missed, oldest first: the newest of them when there are many.
    :param unlisted: how many older slots were missed on top; exact below 2,500, from there on "at least".
    :param next_slot: the slot to wait for, strictly after now; ``None`` when the recurrence has ended.
    """

    run: tuple[dt.datetime, ...]
    missed: tuple[dt.datetime, ...]
    unlisted: int
    next_slot: dt.datetime | None


def plan_catch_up(
    recurrence: Recurrence,
    *,
    due: dt.datetime,
    now: dt.datetime,
    policy: MisfirePolicy,
    grace: dt.timedelta,
    cap: int = 10,
    missed_cap: int = 100,
) -> CatchUp:
    """Decide about every slot from ``due`` to ``now`` (aware, both included).

    ``latest`` runs the newest; ``all`` runs the newest ``cap``; ``skip`` runs those that are not later than ``grace``,
    at most ``cap``. The others are missed. Bounded in time and memory.

    :param due: the slot that the schedule was waiting for. When the clock went back behind it, nothing is due and the
        schedule keeps waiting for it.
    :param grace: how late a slot may be and still count as on time.
    :raises ValueError: when ``due`` or ``now`` is naive.
    """
    due, now, timeline = in_utc(due), in_utc(now), recurrence.timeline
    if timeline.first is not None and timeline.first <= due:
        timeline = replace(timeline, first=None)
    at_most = 1 if policy == MisfirePolicy.LATEST else cap
    return _plan(timeline, due, now, policy == MisfirePolicy.SKIP, grace, at_most, missed_cap)


@lru_cache(maxsize=REMEMBERED)
def _plan(
    timeline: Timeline,
    due: dt.datetime,
    now: dt.datetime,
    only_on_time: bool,  # noqa: FBT001  # positional, for the cache
    grace: dt.timedelta,
    at_most: int,
    missed_cap: int,
) -> CatchUp:
    run: list[dt.datetime] = []
    missed: list[dt.datetime] = []
    unlisted = 0
    for slot in takewhile(lambda slot: slot >= due, timeline.up_to(now)):
        if len(run) < at_most and (now - slot <= grace or not only_on_time):
            run.append(slot)
        elif len(missed) < missed_cap:
            missed.append(slot)
        elif unlisted < COUNTED_AT_MOST:
            unlisted += 1
        else:
            break
    return CatchUp(
        run=tuple(reversed(run)),
        missed=tuple(reversed(missed)),
        unlisted=unlisted,
        next_slot=next(timeline.after(now if due <= now else due - INSTANT), None),
    )
