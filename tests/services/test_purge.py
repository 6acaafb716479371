"""What is past its retention goes: files first, then rows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection
from pytest_django import Settings

from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from django_report_scheduling.services.cancellation import cancel_report
from django_report_scheduling.services.purge import purge
from tests.factories import NOW, GeneratedReportFactory

pytestmark = pytest.mark.django_db

YESTERDAY = NOW - dt.timedelta(days=1)


def stored(report: GeneratedReport, storage: InMemoryStorage, *, attempt: int, row: bool = True) -> str:
    key = storage.save(f"reports/{report.account_id}/{report.pk}/{attempt}.json", ContentFile(b"{}"))
    if row:
        ReportFile.objects.create(
            report=report, format="json", key=key, name="r.json", content_type="x/y", size=2, sha256="0" * 64
        )
    return key


def test_an_expired_report_goes_with_its_files(report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(succeeded=True, expires_at=YESTERDAY)
    key = stored(report, report_storage, attempt=1)

    assert sum(purge(now=NOW)) == 1
    assert not GeneratedReport.objects.exists()
    assert not report_storage.exists(key)


def test_files_of_attempts_that_never_finished_go_too(report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(succeeded=True, attempt=2, expires_at=YESTERDAY)
    orphan = stored(report, report_storage, attempt=1, row=False)
    stored(report, report_storage, attempt=2)

    list(purge(now=NOW))

    assert not report_storage.exists(orphan)


def test_what_has_not_expired_stays(report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(succeeded=True, expires_at=NOW + dt.timedelta(seconds=1))
    key = stored(report, report_storage, attempt=1)

    assert sum(purge(now=NOW)) == 0
    assert report_storage.exists(key)


def test_a_report_whose_files_cannot_be_deleted_stays_for_the_next_purge(settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "tests.refusing_storage.RefusingStorage"}}
    GeneratedReportFactory(succeeded=True, expires_at=YESTERDAY)

    assert sum(purge(now=NOW)) == 0
    assert GeneratedReport.objects.count() == 1


def test_events_older_than_the_retention_go(report_storage: InMemoryStorage) -> None:
    for days in (89, 91):
        AuditEvent(at=NOW - dt.timedelta(days=days), verb="v", object_type="o", object_id=str(days)).save()

    list(purge(now=NOW))

    assert AuditEvent.objects.get().object_id == "89"


def test_more_than_one_batch_is_purged(report_storage: InMemoryStorage) -> None:
    GeneratedReportFactory.create_batch(101, succeeded=True, expires_at=YESTERDAY)

    assert list(purge(now=NOW)) == [100, 1]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_storage_works(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    GeneratedReportFactory(succeeded=True, expires_at=YESTERDAY)
    open_ones: list[bool] = []
    monkeypatch.setattr(report_storage, "delete", lambda _name: open_ones.append(connection.in_atomic_block))

    assert sum(purge(now=NOW)) == 1
    assert set(open_ones) == {False}


def test_the_files_of_a_cancelled_report_go_with_it(report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(running=True)
    left = stored(report, report_storage, attempt=1, row=False)
    cancel_report(report_id=report.pk, actor=None, now=NOW)

    assert sum(purge(now=NOW + dt.timedelta(days=89))) == 0
    assert sum(purge(now=NOW + dt.timedelta(days=90))) == 1
    assert not report_storage.exists(left)


def test_the_record_is_forgotten_batch_by_batch(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django_report_scheduling.services.purge.EVENTS_BATCH", 2)
    for number in range(5):
        AuditEvent(at=NOW - dt.timedelta(days=91), verb="v", object_type="o", object_id=str(number)).save()

    list(purge(now=NOW))

    assert not AuditEvent.objects.exists()
