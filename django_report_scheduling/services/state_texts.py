"""Why a schedule is in its state, in words for people."""

from __future__ import annotations

from django_report_scheduling.choices import PauseReason
from django_report_scheduling.models import ReportSchedule


def state_text(schedule: ReportSchedule) -> str:
    """Return the reason of the schedule's state as a sentence, in the active language.

    A code of :class:`PauseReason` becomes its sentence; a reason that was written out, by a person or after errors,
    stays as it is; empty where there is none.
    """
    reason = schedule.state_reason
    return str(PauseReason(reason).label) if reason in PauseReason.values else reason
