"""The key of a report that somebody asks for and may ask for again, not knowing whether the first request arrived."""

from __future__ import annotations

import json
import uuid
from typing import Final

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.choices import Trigger
from django_report_scheduling.models import ReportSchedule

_NAMESPACE: Final = uuid.UUID("0190a6c2-7f3e-7c1d-9b0a-5d4c8e2f1a37")
"""Ours alone. Never to change: reports in the database carry what was derived from it."""


def task_id_for(*, schedule: ReportSchedule, actor: AbstractUser | None, trigger: Trigger, key: str) -> str:
    """Return the ``task_id`` of the report that an actor's key stands for (UUIDv5, RFC 9562 §5.5).

    The same four give the same id; another person's equal key, or one for another schedule or trigger, gives another.
    """
    # As JSON, so that no two different lists become the same text.
    name = json.dumps([str(schedule.pk), None if actor is None else str(actor.pk), str(trigger.value), key])
    return str(uuid.uuid5(_NAMESPACE, name))
