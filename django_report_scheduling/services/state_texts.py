"""Why a schedule or report is in its state, in words for people, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from django_report_scheduling.choices import CancelReason, MisfirePolicy, PauseReason, ReportStatus
from django_report_scheduling.models import GeneratedReport, ReportSchedule


def state_text(schedule: ReportSchedule) -> str:
    """Return the reason of the schedule's state as a sentence.

    A code of :class:`PauseReason` becomes its sentence; a reason that was written out, by a person or after errors,
    stays as it is; empty where there is none.
    """
    reason = schedule.state_reason
    return str(PauseReason(reason).label) if reason in PauseReason.values else reason


def report_reason_text(report: GeneratedReport) -> str:
    """Return why a report did not run, or what went wrong last, as a sentence; empty where nothing did."""
    reason = report.status_reason
    if report.status in {ReportStatus.MISSED, ReportStatus.EXPIRED} and reason in MisfirePolicy.values:
        return _("It came too late under the policy “%(policy)s”.") % {"policy": MisfirePolicy(reason).label}
    for reasons in (PauseReason, CancelReason):
        if reason in reasons.values:
            return str(reasons(reason).label)
    return reason or report.get_error_code_display()
