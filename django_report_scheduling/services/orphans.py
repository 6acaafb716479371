"""Finding stored files that no row tells of: of workers that died between storing and finishing.

Most files of a lost attempt go with their report, by its possible keys. What is left is found here by looking into the
storage: files of attempts that another one replaced, of reports whose account was deleted while a worker was busy,
of formats that are no longer configured, and those whose storage changed the name.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from django.core.files.storage import Storage

from django_report_scheduling.choices import LIVE_REPORT_STATUSES, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from django_report_scheduling.services.report_storage import PREFIX, report_storage

logger = logging.getLogger(__name__)

BATCH: Final = 500
SAFE_AGE: Final = dt.timedelta(days=1)
"""How old a file has to be: no attempt lasts nearly as long, so that no worker is about to finish with it."""


def sweep_orphans(*, now: dt.datetime) -> Iterator[int]:
    """Delete orphaned files, batch by batch of reports, yielding how many each batch deleted.

    It deletes only what this database knows of, by a row or by the record: files of others that share the storage
    stay. It starts with another account every day, so that one that is stopped before the end gets everywhere in time;
    it may be stopped anywhere. A storage that cannot list its files, or tell their age, is left alone.

    :param now: aware.
    """
    storage = report_storage()
    try:
        accounts = _folders(storage, PREFIX)
        first = now.toordinal() % len(accounts) if accounts else 0
        for account in accounts[first:] + accounts[:first]:
            yield from _sweep_account(storage, f"{PREFIX}/{account}", now=now)
    except NotImplementedError:
        logger.info("The storage %r does not list its files; orphaned ones are not looked for.", conf.STORAGE)
    except Exception:  # every storage raises its own kinds, and the rest of the purge does not depend on it
        logger.warning("Orphaned files could not be looked for in %r; trying again.", conf.STORAGE, exc_info=True)


def _sweep_account(storage: Storage, folder: str, *, now: dt.datetime) -> Iterator[int]:
    names = iter(_folders(storage, folder))
    while batch := list(islice(names, BATCH)):
        ended, gone = _suspects(batch)
        yield sum(
            _sweep_report(storage, f"{folder}/{report}", now=now, empty=report in gone)
            for report in sorted(ended | gone)
        )


def _suspects(names: Collection[str]) -> tuple[set[str], set[str]]:
    """The reports that may have left files behind: those of more than one simple attempt, and those that are gone."""
    ids = {name for name in names if _is_id(name)}
    rows = GeneratedReport.objects.filter(pk__in=ids)
    present = {str(pk) for pk in rows.values_list("pk", flat=True)}
    ended = rows.exclude(status__in=LIVE_REPORT_STATUSES).exclude(status=ReportStatus.SUCCEEDED, attempt__lte=1)
    known = AuditEvent.objects.filter(object_id__in=ids - present, object_type=GeneratedReport._meta.model_name)
    return {str(pk) for pk in ended.values_list("pk", flat=True)}, set(known.values_list("object_id", flat=True))


def _sweep_report(storage: Storage, folder: str, *, now: dt.datetime, empty: bool) -> int:
    """Delete the orphans of one report.

    :param empty: whether an empty folder may go too, because nobody will store into it any more.
    """
    report = folder.rpartition("/")[2]
    try:
        keys = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        owned = set(ReportFile.objects.filter(report=uuid.UUID(report)).values_list("key", flat=True))
        orphans = [key for key in keys if key not in owned and _is_old(storage, key, now=now)]
        for key in orphans:
            storage.delete(key)
        if empty and len(orphans) == len(keys):
            storage.delete(folder)
    except NotImplementedError:
        raise
    except Exception:  # as above
        logger.warning("Orphaned files of report %s could not be deleted; trying again.", report, exc_info=True)
        return 0
    return len(orphans)


def _is_old(storage: Storage, key: str, *, now: dt.datetime) -> bool:
    modified = storage.get_modified_time(key)
    aware = modified if modified.tzinfo else modified.astimezone()
    return now - aware > max(SAFE_AGE, 2 * dt.timedelta(seconds=conf.TIME_LIMIT))


def _folders(storage: Storage, folder: str) -> list[str]:
    try:
        return sorted(storage.listdir(folder)[0])
    except FileNotFoundError:
        return []


def _is_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
