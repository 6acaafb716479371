"""Whose a schedule is: somebody who may still manage its account, or expressly nobody."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.access.owners import may_own
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.audit import record


def has_fit_owner(schedule: ReportSchedule) -> bool:
    """Whether the schedule runs for somebody who may, or was set up by the system."""
    if schedule.created_by_id is None:
        return schedule.ownerless
    return may_own(schedule.created_by_id, schedule.account_id)


def take_over_if_orphaned(schedule: ReportSchedule, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Make whoever lets a schedule go on its owner, where the one it has may not own it any more.

    The caller holds the schedule locked, and has made sure that the actor manages its account.

    :param actor: ``None`` for the system, in whose hands the schedule then has no owner.
    """
    if has_fit_owner(schedule):
        return
    before = schedule.created_by_id
    schedule.created_by = cast("Any", actor)
    schedule.ownerless = actor is None
    schedule.save(update_fields=["created_by", "ownerless", "updated_at"])
    data = {"from": _text(before), "to": _text(schedule.created_by_id)}
    record("schedule.owner_changed", schedule, at=now, actor=actor, data=data)


def _text(key: Any) -> str | None:
    return None if key is None else str(key)
