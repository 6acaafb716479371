"""What a tick stores by the thousand, in as few and as cheap statements as the database allows.

One promise, two ways to keep it: :mod:`postgresql` lets the database copy and number what it has already,
:mod:`portable` says the same through Django's ORM.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connections, router

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.bulk_writes import portable, postgresql
from django_report_scheduling.services.due_slots import Expansion


class Way(Protocol):
    """What both modules offer."""

    def store_reports(self, expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
        """As :func:`store_reports`."""

    def store_schedules(self, schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> None:
        """As :func:`store_schedules`."""

    def mark_queued(self, report_ids: Sequence[Any], *, wake_at: dt.datetime, now: dt.datetime) -> None:
        """As :func:`mark_queued`."""


def store_reports(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    """Add the report of every slot that has none yet, and its line in the record."""
    if any(expansion.reports for expansion in expansions):
        _way().store_reports(expansions, now=now)


def store_schedules(schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> None:
    """Store the state and the next run of schedules that the caller holds locked."""
    if schedules:
        _way().store_schedules(schedules, now=now)


def mark_queued(report_ids: Sequence[Any], *, wake_at: dt.datetime, now: dt.datetime) -> None:
    """Mark reports that the caller holds locked as handed out, each with its line in the record.

    :param wake_at: when their messages will be late.
    """
    if report_ids:
        _way().mark_queued(report_ids, wake_at=wake_at, now=now)


def _way() -> Way:
    vendor = connections[router.db_for_write(ReportSchedule)].vendor
    return postgresql if vendor == "postgresql" else portable
