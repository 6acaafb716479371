"""The misfire policy, applied once more when a worker takes a report.

An outage of the workers is no different from one of the tick: reports went on falling due, and nobody wants all of
them at once. What the policy would have left out becomes ``expired``, a row that says why.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import router

from django_report_scheduling.choices import MisfirePolicy, ReportStatus, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AuditEvent, GeneratedReport
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.short_transactions import short_transaction

NEVER_MADE: Final = (
    ReportStatus.SKIPPED, ReportStatus.MISSED, ReportStatus.CANCELLED, ReportStatus.EXPIRED,
)  # fmt: skip


def expire_if_late(report: GeneratedReport, *, now: dt.datetime) -> bool:
    """Close a report that a worker has just claimed for the first time, if it comes too late to be made.

    Late is a start more than ``misfire_grace`` after its slot. A late report is not made under ``skip``; under
    ``latest`` not when a newer slot of its schedule has a report; under ``all`` not when ``MAX_CATCH_UP`` newer ones
    have. A retry, and what somebody asked for, is always made.

    :returns: whether it is closed now, or no longer this worker's.
    """
    if not _is_left_out(report, now=now):
        return False
    with short_transaction():
        held = GeneratedReport.objects.filter(pk=report.pk).held(attempt=report.attempt)
        policy = report.schedule.misfire_policy if report.schedule else ""
        expired = held.update(
            status=ReportStatus.EXPIRED, status_reason=policy, wake_at=None, finished_at=now,
            expires_at=now + conf.RETENTION, updated_at=now,
        )  # fmt: skip
        if expired:
            report.status = ReportStatus.EXPIRED
            record("report.expired", report, at=now, data={"policy": policy, "slot": report.slot.isoformat()})
    return True


def _is_left_out(report: GeneratedReport, *, now: dt.datetime) -> bool:
    schedule = report.schedule
    if schedule is None or report.trigger != Trigger.SCHEDULE or report.attempt > 1:
        return False
    if now - report.slot <= schedule.misfire_grace or _was_asked_for(report):
        return False
    if schedule.misfire_policy == MisfirePolicy.SKIP:
        return True
    at_most = 1 if schedule.misfire_policy == MisfirePolicy.LATEST else conf.MAX_CATCH_UP
    made = GeneratedReport.objects.fresh().filter(schedule=schedule, trigger=Trigger.SCHEDULE)
    newer = made.filter(slot__gt=report.slot).exclude(status__in=NEVER_MADE)
    return len(newer.values_list("pk")[:at_most]) == at_most


def _was_asked_for(report: GeneratedReport) -> bool:
    """Whether somebody opened the row of a missed or skipped report again."""
    events = AuditEvent.objects.using(router.db_for_write(AuditEvent))
    return events.filter(object_id=str(report.pk), verb="report.retried").exists()
