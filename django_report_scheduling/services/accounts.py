"""Deleting an account with everything that was made for it."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, cast

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils.translation import gettext as _

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import AbstractAccount, AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.cancellation import cancel_live_reports
from django_report_scheduling.services.report_storage import possible_keys, report_storage

logger = logging.getLogger(__name__)

BATCH = 500


def delete_account(*, account_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Delete an account, its schedules, its reports and their stored files.

    Files go first, so that none is forgotten: when the deletion fails after that, the rows are still there and it can
    be asked for again. A worker that is busy with one of the reports finds its claim void and deletes what it stored.

    :raises DoesNotExist: there is no such account.
    :raises ReportSchedulingError: the storage did not let a file go; no row was deleted.
    """
    with transaction.atomic():
        schedules = list(ReportSchedule.objects.filter(account_id=account_id).order_by("pk").locked())
        # The key goes away, so the lock is the one that keeps new reports from referring to it meanwhile.
        account = get_account_model()._default_manager.select_for_update().get(pk=account_id)
        for schedule in schedules:
            cancel_live_reports(schedule=schedule, actor=actor, now=now, reason="account_deleted")
        _delete_files(account)
        _record(account, actor=actor, now=now)
        account.delete()


def _delete_files(account: AbstractAccount) -> None:
    reports = GeneratedReport.objects.filter(account_id=account.pk).prefetch_related("files")
    storage = report_storage()
    try:
        for report in reports.iterator(chunk_size=BATCH):
            for key in sorted({file.key for file in report.files.all()} | set(possible_keys(report))):
                storage.delete(key)
    except Exception as error:  # every storage raises its own kinds
        logger.warning("Files of account %s could not be deleted; it is kept.", account.pk, exc_info=True)
        raise ReportSchedulingError(
            _("The storage did not let a file of “%(account)s” go; the account was kept. Try again later.")
            % {"account": account.name}
        ) from error


def _record(account: AbstractAccount, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    AuditEvent.objects.create(
        at=now,
        actor=cast("Any", actor),
        verb="account.deleted",
        object_type=str(account._meta.model_name),
        object_id=str(account.pk),
        account_id=str(account.pk),
    )
