"""Reaching a stored file, with what can go wrong told apart: it is gone, or the storage does not answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files import File
from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import FileMissing, StorageUnavailable
from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.error_traces import trace
from django_report_scheduling.services.report_storage import is_key, report_storage

logger = logging.getLogger(__name__)


def require_stored(file: ReportFile) -> None:
    """Make sure that the file is where its row says.

    :raises FileMissing: it is not.
    :raises StorageUnavailable: the storage does not answer.
    """
    with storage_faults(file):
        if not report_storage().exists(file.key):
            raise FileNotFoundError


def is_lost(file: ReportFile) -> bool:
    """Whether the storage says that the file is gone.

    :raises StorageUnavailable: it does not answer.
    """
    try:
        require_stored(file)
    except FileMissing:
        return True
    return False


def open_stored(file: ReportFile) -> File[bytes]:
    """Open the file for reading; the caller closes it. Raises as :func:`require_stored` does."""
    with storage_faults(file):
        content = report_storage().open(file.key, "rb")
        content.read(0)  # object storages fetch the bytes only now
        return content


@contextmanager
def storage_faults(file: ReportFile) -> Iterator[None]:
    """Turn whatever a storage raises, each its own kinds, into the two errors that people are told.

    :raises FileMissing: the storage says that there is no such file, or the row names a place where no report lies:
        such a key leads out of our folder, and no storage is asked for it.
    :raises StorageUnavailable: anything else; what it was goes to the log, without its text.
    """
    try:
        _require_key(file.key)
        yield
    except FileNotFoundError as error:
        raise FileMissing(_("The stored file is gone; retry the report to make it again.")) from error
    except Exception as error:
        logger.warning("The file of report %s cannot be reached: %s", file.report_id, trace(error))
        message = _("The storage of the report files does not answer; try again in a moment.")
        raise StorageUnavailable(message) from error


def _require_key(key: str) -> None:
    if not is_key(key):
        raise FileNotFoundError(key)
