"""Deleting what is older than the retention: files first, then rows, so that nothing is forgotten in between."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterator

from django.db.models import QuerySet

from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport
from django_report_scheduling.services.orphans import sweep_orphans
from django_report_scheduling.services.report_deletion import delete_reports
from django_report_scheduling.services.report_storage import possible_keys, report_storage

logger = logging.getLogger(__name__)

BATCH = 100
EVENTS_BATCH = 5000


def purge(*, now: dt.datetime) -> Iterator[int]:
    """Delete reports past their retention, batch by batch, yielding how many reports each batch deleted.

    Every key that any attempt can have written is deleted, also those of attempts that never finished; then files that
    no row tells of are looked for. A file that the storage does not let go keeps its report, and the next purge tries
    again. It may be stopped at any time. No transaction is open while the storage works.

    :param now: aware.
    """
    kept: list[uuid.UUID] = []
    while batch := list(_expired(now).exclude(pk__in=kept)[:BATCH]):
        gone = [report.pk for report in batch if _files_deleted(report)]
        kept += [report.pk for report in batch if report.pk not in gone]
        delete_reports(_expired(now).filter(pk__in=gone))
        yield len(gone)
    yield from (0 for _batch in _forget_deliveries(before=now - conf.RETENTION))
    for deleted in sweep_orphans(now=now):
        if deleted:
            logger.info("%s orphaned files were deleted.", deleted)
        yield 0
    # Last, because the record tells which files are ours.
    yield from (0 for _batch in _forget_events(before=now - conf.RETENTION))


def _forget_events(*, before: dt.datetime) -> Iterator[int]:
    events = AuditEvent.objects.filter(at__lt=before).order_by("at")
    while old := list(events.values_list("pk", flat=True)[:EVENTS_BATCH]):
        AuditEvent.objects.filter(pk__in=old).delete()
        yield len(old)


def _forget_deliveries(*, before: dt.datetime) -> Iterator[int]:
    """Those that are about no report, and so do not go with one."""
    own = Delivery.objects.filter(report=None, created_at__lt=before).exclude(status__in=LIVE_DELIVERY_STATUSES)
    while old := list(own.order_by("created_at").values_list("pk", flat=True)[:EVENTS_BATCH]):
        Delivery.objects.filter(pk__in=old).delete()
        yield len(old)


def _expired(now: dt.datetime) -> QuerySet[GeneratedReport]:
    return GeneratedReport.objects.filter(expires_at__lte=now).prefetch_related("files").order_by("expires_at", "pk")


def _files_deleted(report: GeneratedReport) -> bool:
    keys = {file.key for file in report.files.all()} | set(possible_keys(report))
    storage = report_storage()
    try:
        for key in sorted(keys):
            storage.delete(key)
    except Exception:  # every storage raises its own kinds
        logger.warning("Files of report %s could not be deleted; trying again next time.", report.pk, exc_info=True)
        return False
    return True
