"""The slots of a recurrence: the instants at which it falls due, always in UTC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice, takewhile

from django_report_scheduling.recurrence.recurrence import Recurrence
from django_report_scheduling.recurrence.wall_clock import in_utc


def next_slot(recurrence: Recurrence, *, after: dt.datetime) -> dt.datetime | None:
    """First slot strictly later than ``after`` (aware); ``None`` when the recurrence has ended.

    :raises ValueError: when ``after`` is naive.
    """
    return next(recurrence.timeline.after(in_utc(after)), None)


def newest_slot(recurrence: Recurrence, *, at: dt.datetime) -> dt.datetime | None:
    """Last slot not later than ``at`` (aware); ``None`` before the first. As cheap as :func:`next_slot`.

    :raises ValueError: when ``at`` is naive.
    """
    return next(recurrence.timeline.up_to(in_utc(at)), None)


def slots(recurrence: Recurrence, *, after: dt.datetime, count: int) -> list[dt.datetime]:
    """The next ``count`` slots strictly later than ``after`` (aware), oldest first; fewer when it ends before.

    :raises ValueError: when ``after`` is naive.
    """
    return list(islice(recurrence.timeline.after(in_utc(after)), count))


def coming_slots(recurrence: Recurrence, *, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Slots later than ``after``, up to ``until`` (aware, included), oldest first; lazy, each step costs the same.

    :raises ValueError: when an end is naive.
    """
    last = in_utc(until)
    return takewhile(lambda slot: slot <= last, recurrence.timeline.after(in_utc(after)))


def slots_between(
    recurrence: Recurrence, *, start: dt.datetime, end: dt.datetime, limit: int | None = None
) -> list[dt.datetime]:
    """Slots from ``start`` to ``end`` (aware, both included), oldest first.

    :param limit: keep only the newest so many; without it the list is as long as the stretch of time makes it.
    :raises ValueError: when an end is naive.
    """
    newest_first = islice(newest_slots(recurrence, start=start, end=end), limit)
    return list(newest_first)[::-1]


def newest_slots(recurrence: Recurrence, *, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Slots from ``start`` to ``end`` (aware, both included), newest first; lazy, each step costs the same.

    :raises ValueError: when an end is naive.
    """
    first = in_utc(start)
    return takewhile(lambda slot: slot >= first, recurrence.timeline.up_to(in_utc(end)))
