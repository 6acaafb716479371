"""Reports that somebody asks for, beside those that fall due."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import DeliveryStatus, Event, ReportStatus, Trigger
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, GeneratedReport, ReportFile, ReportSchedule
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.models.report import new_task_id
from django_report_scheduling.recurrence import Recurrence, newest_slot, next_slot, period_for
from django_report_scheduling.services.audit import audit_event, record, record_all
from django_report_scheduling.services.held_rows import report_held_for, schedule_held_for
from django_report_scheduling.services.idempotency import task_id_for
from django_report_scheduling.services.new_reports import new_report
from django_report_scheduling.services.stored_files import is_lost

INSTANT: Final = dt.timedelta(microseconds=1)
MAX_REQUESTS_AT_ONCE: Final = 20
REPEATABLE: Final = (
    ReportStatus.FAILED, ReportStatus.MISSED, ReportStatus.SKIPPED, ReportStatus.CANCELLED, ReportStatus.EXPIRED,
)  # fmt: skip
"""How a report has ended that can be tried again."""


def run_now(
    *,
    schedule: ReportSchedule,
    actor: AbstractUser | None,
    now: dt.datetime,
    trigger: Trigger = Trigger.MANUAL,
    idempotency_key: str | None = None,
) -> GeneratedReport:
    """Ask for a report of the newest period that is complete, whether or not its slot ran.

    The schedule's clock stays as it is. With ``Trigger.PREVIEW`` the file is marked as a preview and only ``actor``
    receives it.

    :param now: aware; becomes the slot of the report, so that each request is a report of its own. Of requests at the
        same instant the later ones get slots some microseconds on.
    :param idempotency_key: who asks again with it, for the same schedule and trigger, gets the report of the first
        time as it is by then, for as long as that is kept; also when both ask at the same moment.
    :raises ReportSchedule.DoesNotExist: the schedule has been deleted.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: the account is inactive.
    """
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        held = schedule_held_for(actor, schedule.pk)
        task_id = new_task_id()
        if idempotency_key is not None:
            task_id = task_id_for(schedule=held, actor=actor, trigger=trigger, key=idempotency_key)
            known = GeneratedReport.objects.fresh().filter(task_id=task_id).first()
            if known is not None:
                return known
        _require_active(held.account)
        recurrence = held.as_recurrence()
        period = period_for(recurrence, slot=latest_slot(recurrence, now=now))
        slot = _free_slot(held, trigger=trigger, now=now)
        report = new_report(held, slot=slot, period=period, trigger=trigger, now=now, requested_by=actor)
        report.task_id = task_id
        _store(report, actor=actor, now=now)
    return report


def backfill(
    *, schedule: ReportSchedule, slot: dt.datetime, actor: AbstractUser | None, now: dt.datetime
) -> GeneratedReport:
    """Ask for the report of one slot of the past. Asking again returns the same report.

    :param slot: aware; one of the slots of the schedule's rule.
    :raises ReportSchedule.DoesNotExist: the schedule has been deleted.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: the account is inactive.
    """
    trigger = Trigger.BACKFILL
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        held = schedule_held_for(actor, schedule.pk)
        _require_active(held.account)
        known = GeneratedReport.objects.fresh().filter(schedule=held, slot=slot, trigger=trigger).first()
        if known is not None:
            return known
        period = period_for(held.as_recurrence(), slot=slot)
        report = new_report(held, slot=slot, period=period, trigger=trigger, now=now, requested_by=actor)
        _store(report, actor=actor, now=now)
    return report


def retry_report(*, report_id: Any, actor: AbstractUser | None, now: dt.datetime) -> GeneratedReport:
    """Open a report again that failed, expired, was missed, skipped or cancelled; it is the same row and period.

    So can one that succeeded but whose files are gone from the storage; who has received it gets nothing again.

    :raises GeneratedReport.DoesNotExist: there is no such report.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: the report is under way, or came to a good end and its files are there; or its account is
        inactive.
    :raises StorageUnavailable: it succeeded, and the storage does not say whether its files are there.
    """
    lost_files = _has_lost_files(report_id)  # asked before the transaction: a storage may be slow
    with transaction.atomic(using=router.db_for_write(GeneratedReport)):
        report = report_held_for(actor, report_id)
        _require_active(report.account)
        if report.status not in REPEATABLE and not (lost_files and report.status == ReportStatus.SUCCEEDED):
            raise WrongState(
                _(
                    "Only a report that failed, expired, was missed, skipped or cancelled, or whose stored files are "
                    "gone, can be retried."
                )
            )
        _open_again(report, now=now)
        record("report.retried", report, at=now, actor=actor)
    return report


def redeliver(*, report_id: Any, actor: AbstractUser | None, now: dt.datetime) -> int:
    """Send a finished report again to those targets that did not get it; returns how many.

    Targets that are known to have received it get nothing.

    :raises GeneratedReport.DoesNotExist: there is no such report.
    :raises NotPermitted: the actor does not manage the account.
    :raises WrongState: the report has no files to send.
    """
    again = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN, DeliveryStatus.SUPPRESSED)
    with transaction.atomic(using=router.db_for_write(GeneratedReport)):
        report = report_held_for(actor, report_id)
        if report.status != ReportStatus.SUCCEEDED:
            raise WrongState(_("Only a report that succeeded can be delivered."))
        unsent = Delivery.objects.filter(report=report, event=Event.REPORT_SUCCEEDED, status__in=again)
        unsent = unsent.exclude(channel=WEBHOOK)  # those are replayed, one by one
        reopened = list(unsent.locked().prefetch_related("report", "webhook"))
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


def _store(report: GeneratedReport, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    report.save(force_insert=True)
    record(f"report.requested.{report.trigger}", report, at=now, actor=actor)


def _free_slot(schedule: ReportSchedule, *, trigger: Trigger, now: dt.datetime) -> dt.datetime:
    """Return the first instant from ``now`` on that no such request of the locked schedule has."""
    candidates = [now + later * INSTANT for later in range(MAX_REQUESTS_AT_ONCE)]
    requests = GeneratedReport.objects.fresh().filter(schedule=schedule, trigger=trigger, slot__in=candidates)
    taken = set(requests.values_list("slot", flat=True))
    for slot in candidates:
        if slot not in taken:
            return slot
    raise WrongState(_("This report has been asked for too often at the same moment. Try again."))


def _open_again(report: GeneratedReport, *, now: dt.datetime) -> None:
    report.status = ReportStatus.PENDING
    report.status_reason = report.error_code = report.error_message = ""
    report.wake_at = now
    report.failures = report.rescues = 0
    report.finished_at = report.expires_at = None
    report.save(
        update_fields=[
            "status", "status_reason", "error_code", "error_message", "wake_at", "failures", "rescues", "finished_at",
            "expires_at", "updated_at",
        ]
    )  # fmt: skip


def _require_active(account: AbstractAccount) -> None:
    if not account.active:
        raise WrongState(
            _("The account “%(account)s” is inactive: no reports are made for it. Activate it first.")
            % {"account": account.name}
        )


def _has_lost_files(report_id: Any) -> bool:
    files = ReportFile.objects.using(router.db_for_write(ReportFile)).filter(
        report=report_id, report__status=ReportStatus.SUCCEEDED
    )
    return any(map(is_lost, files))
