"""Taking back what has not happened yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from django_report_scheduling.choices import LIVE_REPORT_STATUSES, CancelReason, DeliveryStatus, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.models.delivery import DeliveryQuerySet
from django_report_scheduling.services.audit import audit_event, record_all
from django_report_scheduling.services.held_rows import report_held_for


def cancel_report(*, report_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Cancel a report that has not finished; a worker that is busy with it will find its claim void.

    :raises GeneratedReport.DoesNotExist: there is no such report.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: it has finished.
    """
    with transaction.atomic(using=router.db_for_write(GeneratedReport)):
        held = report_held_for(actor, report_id)
        report = GeneratedReport.objects.fresh().filter(pk=held.pk)
        if not _cancel(report, actor=actor, now=now, reason=CancelReason.BY_HAND):
            raise WrongState(_("Only a report that has not finished can be cancelled."))


def cancel_live_reports(
    *, schedule: ReportSchedule, actor: AbstractUser | None, now: dt.datetime, reason: CancelReason
) -> None:
    """Cancel every unfinished report of a schedule, and every delivery that has not begun.

    Runs inside the caller's transaction.
    """
    _cancel(schedule.reports.all(), actor=actor, now=now, reason=reason)
    about = Q(report__schedule=schedule) | Q(schedule=schedule)
    suppress_pending(Delivery.objects.filter(about), actor=actor, now=now, reason=reason)


def cancel_everything(
    *, account: AbstractAccount, actor: AbstractUser | None, now: dt.datetime, reason: CancelReason
) -> None:
    """Do the same for all of an account, also for reports whose schedule is gone; its schedules are locked already."""
    _cancel(GeneratedReport.objects.filter(account_id=account.pk), actor=actor, now=now, reason=reason)
    suppress_pending(Delivery.objects.of_accounts([account.pk]), actor=actor, now=now, reason=reason)


def _cancel(
    reports: QuerySet[GeneratedReport], *, actor: AbstractUser | None, now: dt.datetime, reason: CancelReason
) -> int:
    live = list(reports.filter(status__in=LIVE_REPORT_STATUSES).order_by("pk").select_for_update())
    GeneratedReport.objects.filter(pk__in=[report.pk for report in live]).update(
        status=ReportStatus.CANCELLED,
        status_reason=reason,
        wake_at=None,
        queued_at=None,
        finished_at=now,
        expires_at=now + conf.RETENTION,
        updated_at=now,
    )
    record_all(
        audit_event("report.cancelled", report, at=now, actor=actor, data={"reason": reason.value}) for report in live
    )
    return len(live)


def suppress_pending(
    deliveries: DeliveryQuerySet, *, actor: AbstractUser | None, now: dt.datetime, reason: CancelReason
) -> None:
    """Take back those of the deliveries that have not begun, inside the caller's transaction."""
    pending = deliveries.filter(status=DeliveryStatus.PENDING).order_by("pk").locked()
    waiting = list(pending.prefetch_related("report", "webhook", "consent"))
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in waiting]).update(
        status=DeliveryStatus.SUPPRESSED, wake_at=None, queued_at=None, error_message=reason.label, updated_at=now
    )
    record_all(
        audit_event("delivery.suppressed", delivery, at=now, actor=actor, data={"reason": reason.value})
        for delivery in waiting
    )
