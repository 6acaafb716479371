"""Sending signals so that a receiver can neither undo nor delay the change it is told about."""

from __future__ import annotations

from typing import Any

from django.db import router, transaction
from django.dispatch import Signal

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.signals import schedule_state_changed


def announce(signal: Signal, *, sender: type, **arguments: Any) -> None:
    """Send a signal after the current transaction has committed; errors of receivers are logged by Django."""
    alias = router.db_for_write(ReportSchedule)
    transaction.on_commit(lambda: signal.send_robust(sender=sender, **arguments), using=alias)


def announce_state(schedule: ReportSchedule) -> None:
    """Tell that a schedule has come to the state it is in."""
    announce(
        schedule_state_changed,
        sender=ReportSchedule,
        schedule_id=schedule.pk,
        state=schedule.state,
        reason=schedule.state_reason,
    )
