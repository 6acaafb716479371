"""Reports that somebody asks for, beside those that fall due."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import DeliveryStatus, Event, ReportStatus, Trigger
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, GeneratedReport, ReportFile, ReportSchedule
from django_report_scheduling.recurrence import Recurrence, newest_slot, next_slot, period_for
from django_report_scheduling.services.audit import audit_event, record, record_all
from django_report_scheduling.services.new_reports import new_report
from django_report_scheduling.services.report_storage import report_storage

INSTANT: Final = dt.timedelta(microseconds=1)
MAX_REQUESTS_AT_ONCE: Final = 20


def run_now(
    *, schedule: ReportSchedule, actor: AbstractUser | None, now: dt.datetime, trigger: Trigger = Trigger.MANUAL
) -> GeneratedReport:
    """Ask for a report of the newest period that is complete, whether or not its slot ran.

    The schedule's clock stays as it is. With ``Trigger.PREVIEW`` the file is marked as a preview and only ``actor``
    receives it.

    :param now: aware; becomes the slot of the report, so that each request is a report of its own. Of requests at the
        same instant the later ones get slots some microseconds on.
    :raises WrongState: the account is inactive.
    """
    _require_active(schedule.account)
    recurrence = schedule.as_recurrence()
    period = period_for(recurrence, slot=latest_slot(recurrence, now=now))
    for later in range(MAX_REQUESTS_AT_ONCE):
        slot = now + later * INSTANT
        report = new_report(schedule, slot=slot, period=period, trigger=trigger, now=now, requested_by=actor)
        try:
            with transaction.atomic():
                report.save(force_insert=True)
                record(f"report.requested.{trigger.value}", report, at=now, actor=actor)
        except IntegrityError:
            if not GeneratedReport.objects.filter(schedule=schedule, slot=slot, trigger=trigger).exists():
                raise
        else:
            return report
    raise WrongState(_("This report has been asked for too often at the same moment. Try again."))


def backfill(
    *, schedule: ReportSchedule, slot: dt.datetime, actor: AbstractUser | None, now: dt.datetime
) -> GeneratedReport:
    """Ask for the report of one slot of the past. Asking again returns the same report.

    :param slot: aware; one of the slots of the schedule's rule.
    :raises WrongState: the account is inactive.
    """
    _require_active(schedule.account)
    period = period_for(schedule.as_recurrence(), slot=slot)
    with transaction.atomic():
        report, created = GeneratedReport.objects.get_or_create(
            schedule=schedule,
            slot=slot,
            trigger=Trigger.BACKFILL,
            defaults=_defaults(
                new_report(schedule, slot=slot, period=period, trigger=Trigger.BACKFILL, now=now, requested_by=actor)
            ),
        )
        if created:
            record("report.requested.backfill", report, at=now, actor=actor)
    return report


def retry_report(*, report_id: Any, actor: AbstractUser | None, now: dt.datetime) -> GeneratedReport:
    """Open a report again that failed, expired, was missed, skipped or cancelled; it is the same row and period.

    So can one that succeeded but whose files are gone from the storage; who has received it gets nothing again.

    :raises WrongState: the report is under way, or came to a good end and its files are there; or its account is
        inactive.
    """
    seen = GeneratedReport.objects.select_related("account").filter(pk=report_id).first()
    if seen is not None:
        _require_active(seen.account)
    again = [
        ReportStatus.FAILED, ReportStatus.MISSED, ReportStatus.SKIPPED, ReportStatus.CANCELLED, ReportStatus.EXPIRED,
    ]  # fmt: skip
    if _has_lost_files(report_id):  # asked before the transaction: a storage may be slow
        again.append(ReportStatus.SUCCEEDED)
    with transaction.atomic():
        opened = GeneratedReport.objects.filter(pk=report_id, status__in=again).update(
            status=ReportStatus.PENDING,
            status_reason="",
            wake_at=now,
            failures=0,
            rescues=0,
            error_code="",
            error_message="",
            finished_at=None,
            expires_at=None,
            updated_at=now,
        )
        if not opened:
            raise WrongState(
                _(
                    "Only a report that failed, expired, was missed, skipped or cancelled, or whose stored files are "
                    "gone, can be retried."
                )
            )
        report = GeneratedReport.objects.get(pk=report_id)
        record("report.retried", report, at=now, actor=actor)
    return report


def redeliver(*, report_id: Any, actor: AbstractUser | None, now: dt.datetime) -> int:
    """Send a finished report again to those targets that did not get it; returns how many.

    Targets that are known to have received it get nothing.

    :raises WrongState: the report has no files to send.
    """
    again = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.SUPPRESSED)
    with transaction.atomic():
        report = GeneratedReport.objects.filter(pk=report_id, status=ReportStatus.SUCCEEDED).first()
        if report is None:
            raise WrongState(_("Only a report that succeeded can be delivered."))
        unsent = Delivery.objects.filter(report=report, event=Event.REPORT_SUCCEEDED, status__in=again)
        reopened = list(unsent.locked().prefetch_related("report"))
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in reopened]).update(
            status=DeliveryStatus.PENDING, wake_at=now, queued_at=None, failures=0, error_code="", error_message="",
            updated_at=now,
        )  # fmt: skip
        record("report.redelivered", report, at=now, actor=actor, data={"deliveries": len(reopened)})
        record_all(audit_event("delivery.reopened", delivery, at=now, actor=actor) for delivery in reopened)
    return len(reopened)


def latest_slot(recurrence: Recurrence, *, now: dt.datetime) -> dt.datetime:
    """Return the newest slot up to ``now``, also from before the schedule started; the next one where there is none."""
    unbounded = dataclasses.replace(recurrence, ends_at=None)
    if not recurrence.rule:
        unbounded = dataclasses.replace(unbounded, starts_at=None)
    slot = newest_slot(unbounded, at=now) or next_slot(unbounded, after=now)
    return slot or now


def _require_active(account: AbstractAccount) -> None:
    if not account.active:
        raise WrongState(
            _("The account “%(account)s” is inactive: no reports are made for it. Activate it first.")
            % {"account": account.name}
        )


def _has_lost_files(report_id: Any) -> bool:
    files = ReportFile.objects.filter(report=report_id, report__status=ReportStatus.SUCCEEDED)
    return not all(report_storage().exists(key) for key in files.values_list("key", flat=True))


def _defaults(report: GeneratedReport) -> dict[str, Any]:
    keys = {"schedule", "slot", "trigger"}
    return {
        field.name: getattr(report, field.name)
        for field in report._meta.concrete_fields  # Django's public model API
        if field.name not in keys
    }
