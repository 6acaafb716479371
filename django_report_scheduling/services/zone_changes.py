"""A schedule moves to another time zone: no period is reported twice, and none is left out but across the date line."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django_report_scheduling.choices import Frequency
from django_report_scheduling.recurrence import Recurrence, newest_slot, next_slot, period_for, slot_covering

NOON: Final = dt.time(12)
INSTANT: Final = dt.timedelta(microseconds=1)


def slot_after_zone_change(
    before: Recurrence, after: Recurrence, *, waiting_for: dt.datetime, now: dt.datetime
) -> dt.datetime | None:
    """Return the slot to wait for when a recurrence that differs only in its zone takes over.

    It is the one that reports on the same calendar days as the slot that was waited for. It may have passed already,
    where the new zone is ahead; then it is due at once. A custom rule has periods of its own making, from slot to
    slot, and goes on with its first slot after now.

    :param waiting_for: the next slot under the old zone, aware.
    :returns: ``None`` when the recurrence has ended.
    """
    if after.frequency == Frequency.CUSTOM:
        return next_slot(after, after=now)
    owed = period_for(before, slot=waiting_for).first_day
    same_days = slot_covering(after, instant=dt.datetime.combine(owed, NOON, tzinfo=after.timeline.zone))
    last = newest_slot(before, at=waiting_for - INSTANT)
    starts_at = after.timeline.first
    if same_days is None or (last and same_days <= last) or (starts_at and same_days < starts_at):
        # A zone a whole day or more ahead: its slot is, or is before, the very instant that has had its report.
        return next_slot(after, after=last or now)
    return same_days
