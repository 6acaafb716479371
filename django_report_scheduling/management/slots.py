"""From what people type to a slot of a schedule."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.core.management.base import CommandError

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.recurrence import Recurrence, next_slot
from django_report_scheduling.services.report_requests import latest_slot


def find_slot(schedule: ReportSchedule, text: str | None, *, now: dt.datetime) -> dt.datetime:
    """Return the slot that is meant, in UTC.

    Slots from before the schedule started count, so that the past can be filled in.

    :param text: ISO 8601, with an offset or in the schedule's zone; ``None`` takes the newest slot.
    :raises CommandError: the text is no date and time, it is no slot of the schedule, or its time has not come.
    """
    recurrence = schedule.as_recurrence()
    if text is None:
        return latest_slot(recurrence, now=now)
    moment = _parse(text, recurrence)
    if latest_slot(recurrence, now=moment) != moment:
        msg = f"{text!r} is no slot of “{schedule.name}”. {_neighbours(recurrence, moment)}"
        raise CommandError(msg)
    if moment > now:
        newest = _local(latest_slot(recurrence, now=now), recurrence)
        msg = f"The slot {_local(moment, recurrence)} lies in the future. The newest one is {newest}."
        raise CommandError(msg)
    return moment


def _parse(text: str, recurrence: Recurrence) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=recurrence.timeline.zone)
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        msg = f"--slot must be a date and time like 2026-03-02T08:00 or 2026-03-02T07:00Z, got {text!r}."
        raise CommandError(msg) from error


def _neighbours(recurrence: Recurrence, moment: dt.datetime) -> str:
    before = latest_slot(recurrence, now=moment)
    # Without a start, as latest_slot does it; a rule may count from its start and keeps it.
    after = next_slot(recurrence if recurrence.rule else dataclasses.replace(recurrence, starts_at=None), after=moment)
    known = [f"the one before is {_local(before, recurrence)}"] if before < moment else []
    if after is not None:
        known.append(f"the one after is {_local(after, recurrence)}")
    text = " and ".join(known)
    return f"{text[:1].upper()}{text[1:]}."


def _local(slot: dt.datetime, recurrence: Recurrence) -> str:
    return slot.astimezone(recurrence.timeline.zone).isoformat(timespec="minutes")
