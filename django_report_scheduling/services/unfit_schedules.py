"""Taking out a schedule whose row cannot even be read, or whose report the database refuses.

An UPDATE by hand can store what no form lets through: a start in the year 300000, a time of day of 24:00, a number of
five thousand digits. Reading such a row fails, and with it the batch that it is part of.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.db import DataError, IntegrityError

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.due_slots import Expansion, stopped, unworkable
from django_report_scheduling.services.short_transactions import short_transaction
from django_report_scheduling.services.stopping import Stop

logger = logging.getLogger(__name__)

UNFIT: Final = (DataError, IntegrityError, ValueError, TypeError, OverflowError)
"""What reading or storing raises because of values, not because of the state of the database."""
ALWAYS_READABLE: Final = (
    "id", "account", "report_type", "frequency", "timezone", "state", "state_reason", "created_by", "ownerless",
)  # fmt: skip


def take_out(key: Any, error: Exception, *, store: Callable[[Expansion], None], now: dt.datetime) -> bool:
    """Mark a schedule as errored, with a skipped report for its slot where there can be one; returns whether it is.

    :param error: what reading or storing it raised.
    :param store: stores an expansion, inside the transaction that this opens.
    """
    stop = unworkable(error)
    for stop_it in (partial(_with_report, store=store), _without_report):
        try:
            with short_transaction():
                if schedule := _held(key):
                    stop_it(schedule, stop, now=now)
        except UNFIT:
            logger.exception("Schedule %s could not be stopped in the usual way.", key)
        else:
            return True
    return False


def _with_report(schedule: ReportSchedule, stop: Stop, *, store: Callable[[Expansion], None], now: dt.datetime) -> None:
    schedule.next_run_at = _slot(schedule.pk) or now
    store(stopped(schedule, stop, now=now))


def _without_report(schedule: ReportSchedule, stop: Stop, *, now: dt.datetime) -> None:
    ReportSchedule.objects.filter(pk=schedule.pk).update(state=stop.state, state_reason=stop.reason, updated_at=now)
    record(f"schedule.{stop.state.value}", schedule, at=now, data={"reason": stop.reason})


def _held(key: Any) -> ReportSchedule | None:
    active = ReportSchedule.objects.filter(pk=key, state=ScheduleState.ACTIVE)
    return active.claimable().only(*ALWAYS_READABLE).first()


def _slot(key: Any) -> dt.datetime | None:
    try:
        return ReportSchedule.objects.fresh().values_list("next_run_at", flat=True).get(pk=key)
    except UNFIT:
        return None
