"""When schedules fall due and what their reports cover: pure date arithmetic, the clock is always an argument."""

from __future__ import annotations

from django_report_scheduling.recurrence.misfire import CatchUp, plan_catch_up
from django_report_scheduling.recurrence.periods import period_for, previous_period, slot_covering
from django_report_scheduling.recurrence.recurrence import Recurrence
from django_report_scheduling.recurrence.slots import (
    coming_slots,
    newest_slot,
    newest_slots,
    next_slot,
    slots,
    slots_between,
)

__all__ = [
    "CatchUp",
    "Recurrence",
    "coming_slots",
    "newest_slot",
    "newest_slots",
    "next_slot",
    "period_for",
    "plan_catch_up",
    "previous_period",
    "slot_covering",
    "slots",
    "slots_between",
]
