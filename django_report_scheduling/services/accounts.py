"""Deleting an account with everything that was made for it."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterator
from typing import Any, Final, cast

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import CancelReason
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import (
    AbstractAccount,
    AuditEvent,
    GeneratedReport,
    ReportSchedule,
    WebhookEndpoint,
)
from django_report_scheduling.services.cancellation import cancel_everything
from django_report_scheduling.services.report_deletion import delete_reports
from django_report_scheduling.services.report_storage import possible_keys, report_storage
from django_report_scheduling.services.schedule_limit import lock_account

logger = logging.getLogger(__name__)

BATCH: Final = 500


def delete_account(*, account_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Delete an account, its schedules, its reports and their stored files.

    First, in a short transaction, the account is deactivated and everything that is under way is taken back, so that
    nothing new begins and nothing more is sent. Then the files go, outside of any transaction, then the rows. When it
    is stopped in between, the inactive account is still there and it can be asked for again. A worker that is busy
    with one of the reports finds its claim void and deletes what it stored; what it leaves when it dies, the purge
    finds.

    Call it outside of a transaction, or the row locks last as long as the storage takes.

    :raises DoesNotExist: there is no such account.
    :raises ReportSchedulingError: the storage did not let a file go; the account is kept, inactive.
    """
    account = _close(account_id, actor=actor, now=now)
    for reports in _batches(GeneratedReport.objects.filter(account_id=account_id)):
        _delete_files(account, reports)
    for reports in _batches(GeneratedReport.objects.filter(account_id=account_id)):
        delete_reports(GeneratedReport.objects.filter(pk__in=[report.pk for report in reports]))
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        list(ReportSchedule.objects.filter(account_id=account_id).order_by("pk").select_for_update())
        lock_account(account_id)  # before its endpoints, as by those who change them
        # Before their deliveries, as everywhere: a worker may be busy with one.
        list(WebhookEndpoint.objects.filter(account_id=account_id).order_by("pk").select_for_update())
        _record("account.deleted", account, actor=actor, now=now)
        account.delete()


def _close(account_id: Any, *, actor: AbstractUser | None, now: dt.datetime) -> AbstractAccount:
    with transaction.atomic(using=router.db_for_write(ReportSchedule)):
        list(ReportSchedule.objects.filter(account_id=account_id).order_by("pk").locked())
        account = lock_account(account_id)
        if account.active:
            get_account_model()._base_manager.filter(pk=account_id).update(active=False)
            account.active = False
            _record("account.deactivated", account, actor=actor, now=now)
        cancel_everything(account=account, actor=actor, now=now, reason=CancelReason.ACCOUNT_DELETED)
    return account


def _batches(reports: QuerySet[GeneratedReport]) -> Iterator[list[GeneratedReport]]:
    """All rows in order of their keys, each batch a query of its own: no cursor stays open."""
    last: uuid.UUID | None = None
    rows = reports.order_by("pk").prefetch_related("files")
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        last = batch[-1].pk
        yield batch


def _delete_files(account: AbstractAccount, reports: list[GeneratedReport]) -> None:
    storage = report_storage()
    try:
        for report in reports:
            for key in sorted({file.key for file in report.files.all()} | set(possible_keys(report))):
                storage.delete(key)
    except Exception as error:  # every storage raises its own kinds
        logger.warning("Files of account %s could not be deleted; it is kept.", account.pk, exc_info=True)
        raise ReportSchedulingError(
            _(
                "The storage did not let a file of “%(account)s” go; the account was kept, but is inactive and nothing "
                "of it runs any more. Try to delete it again later."
            )
            % {"account": account.name}
        ) from error


def _record(verb: str, account: AbstractAccount, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    AuditEvent.objects.create(
        at=now,
        actor=cast("Any", actor),
        verb=verb,
        object_type=str(account._meta.model_name),
        object_id=str(account.pk),
        account_id=str(account.pk),
    )
