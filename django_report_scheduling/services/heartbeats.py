"""Signs of life: written by what runs periodically, read by what asks whether it still does."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django_report_scheduling.models import Heartbeat
from django_report_scheduling.services.short_transactions import short_transaction

TICK: Final = "tick"


def beat(name: str, *, now: dt.datetime) -> None:
    """Note that a process did its work."""
    with short_transaction(forgettable=True):
        if not Heartbeat.objects.filter(name=name).update(at=now):
            Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)


def last_beat(name: str) -> dt.datetime | None:
    """Return when a process last did its work, or ``None`` when it never did."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
