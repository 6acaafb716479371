"""Report files can be written, read, linked to and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage

from django_report_scheduling.conf import conf
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.time_limit import within
from django_report_scheduling.services.report_storage import PREFIX, report_storage

CONTENT = b"report_scheduling doctor"


class StorageProbe(Probe):
    """Does with a small file what is done with each report.

    :param seconds: how long all of it may take.
    """

    part = "storage"
    fix: ClassVar[str] = 'Correct the storage that REPORT_SCHEDULING["STORAGE"] names in STORAGES.'

    def __init__(self, *, seconds: float = 15) -> None:
        self._seconds = seconds

    def run(self) -> Iterable[Finding]:
        """Yield the first step that failed, or how the storage is."""
        storage = report_storage()
        where = f"{type(storage).__name__} “{conf.STORAGE}”"
        done: list[str] = []
        try:
            url = within(self._seconds, lambda: _exercise(storage, done))
        except Exception as error:  # noqa: BLE001  # each storage raises its own kinds
            step = STEPS[min(len(done), len(STEPS) - 1)]
            yield self.fail(f"{where} cannot {step}: {type(error).__name__}: {error}", fix=_fix(storage))
            return
        if url and not urlsplit(url).query:
            yield self.warn(
                f"{where} gives out links without a signature: whoever has one can read the report for ever.",
                fix=f'Let the storage sign them: STORAGES["{conf.STORAGE}"]["OPTIONS"]["querystring_auth"] = True.',
            )
            return
        links = "signs links" if url else "leaves links to this site"
        yield self.ok(f"{where} writes, reads and deletes, and {links}.")


STEPS = ("write", "read back what was written", "make a link", "delete")


def _exercise(storage: Storage, done: list[str]) -> str:
    name = storage.save(f"{PREFIX}/doctor/{uuid.uuid4().hex}.txt", ContentFile(CONTENT))
    done.append("write")
    try:
        with storage.open(name, "rb") as stored:
            content = stored.read()
        if content != CONTENT:
            msg = "other bytes came back"
            raise OSError(msg)
        done.append("read")
        url = "" if _is_local(storage) else str(storage.url(name))
        done.append("link")
    finally:
        storage.delete(name)
    return url


def _is_local(storage: Storage) -> bool:
    """Whether its files leave only through a view of this site, which signs its own links."""
    return isinstance(storage, FileSystemStorage | InMemoryStorage)


def _fix(storage: Storage) -> str:
    if isinstance(storage, FileSystemStorage):
        return f'Give the user of the workers the right to write there: chown -R "$(id -un)" {storage.location}'
    return f'Correct the bucket, its address and its keys in STORAGES["{conf.STORAGE}"]["OPTIONS"].'
