"""Files that no row tells of are found, and nothing else is touched."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage, storages
from pytest_django import Settings

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.orphans import sweep_orphans
from django_report_scheduling.services.purge import purge
from tests.factories import GeneratedReportFactory

pytestmark = pytest.mark.django_db

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
"""When the files that the tests write now are old enough."""


@pytest.fixture(params=["memory", "folder"])
def storage(request: pytest.FixtureRequest, report_storage: InMemoryStorage, tmp_path: Path) -> Storage:
    """The storage of report files: in memory, and a folder as most hosts have."""
    if request.param == "folder":
        storages._storages["default"] = FileSystemStorage(location=tmp_path)
    return storages["default"]


def ended(**fields: Any) -> GeneratedReport:
    report = GeneratedReportFactory(**{"succeeded": True, "attempt": 2, **fields})
    record("report.running", report, at=report.slot)
    return report


def stored(storage: Storage, report: GeneratedReport, name: str, *, row: bool = False) -> str:
    key = storage.save(f"reports/{report.account_id}/{report.pk}/{name}", ContentFile(b"{}"))
    if row:
        ReportFile.objects.create(
            report=report, format="json", key=key, name="r.json", content_type="x/y", size=2, sha256="0" * 64
        )
    return key


def sweep(now: dt.datetime = LATER) -> int:
    return sum(sweep_orphans(now=now))


def test_the_file_of_an_attempt_that_another_replaced_goes(storage: Storage) -> None:
    report = ended()
    orphan, kept = stored(storage, report, "1.json"), stored(storage, report, "2.json", row=True)

    assert sweep() == 1
    assert (storage.exists(orphan), storage.exists(kept)) == (False, True)


@pytest.mark.parametrize("status", [ReportStatus.FAILED, ReportStatus.CANCELLED])
def test_what_an_unfinished_report_left_goes(storage: Storage, status: ReportStatus) -> None:
    orphan = stored(storage, ended(status=status, attempt=1), "1.json")

    assert sweep() == 1
    assert not storage.exists(orphan)


def test_what_was_stored_for_an_account_that_is_gone_goes_with_its_folder(storage: Storage) -> None:
    report = ended()
    orphan = stored(storage, report, "2_renamed.json")
    report.account.delete()

    assert sweep() == 1
    assert not storage.exists(orphan)
    assert not storage.exists(orphan.rpartition("/")[0])


def test_a_young_file_may_be_somebodys_work(storage: Storage) -> None:
    orphan = stored(storage, ended(), "1.json")

    assert sweep(LATER - dt.timedelta(days=1.5)) == 0
    assert storage.exists(orphan)


@pytest.mark.parametrize("trait", ["queued", "running"])
def test_nothing_of_a_report_under_way_is_touched(storage: Storage, trait: str) -> None:
    report = GeneratedReportFactory(**{trait: True, "attempt": 3})
    key = stored(storage, report, "2.json")

    assert sweep() == 0
    assert storage.exists(key)


def test_files_of_others_that_share_the_storage_stay(storage: Storage) -> None:
    unknown = GeneratedReport(account=ended().account)
    keys = [
        stored(storage, unknown, "1.json"),
        storage.save(f"reports/{unknown.account_id}/readme/1.json", ContentFile(b"")),
        storage.save("reports/1.json", ContentFile(b"")),
        storage.save("elsewhere/1.json", ContentFile(b"")),
    ]

    assert sweep() == 0
    assert all(storage.exists(key) for key in keys)


def test_reports_of_one_good_attempt_are_not_even_looked_into(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ended(attempt=1)
    stored(storage, report, "1.json", row=True)
    listed: list[str] = []
    listdir = storage.listdir
    monkeypatch.setattr(storage, "listdir", lambda path: listed.append(path) or listdir(path))

    sweep()

    assert listed == ["reports", f"reports/{report.account_id}"]


def test_one_folder_that_cannot_be_read_does_not_hold_up_the_others(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = [stored(storage, ended(), "1.json") for _ in range(3)]
    listdir = storage.listdir

    def read(path: str) -> Any:
        if path == keys[1].rpartition("/")[0]:
            raise PermissionError(13, "Permission denied", path)
        return listdir(path)

    monkeypatch.setattr(storage, "listdir", read)

    assert sweep() == 2
    assert "could not be deleted" in caplog.text


@pytest.mark.parametrize("missing", ["listdir", "get_modified_time"])
def test_a_storage_that_cannot_tell_is_left_alone_with_a_line_in_the_log(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    orphan = stored(storage, ended(), "1.json")

    def cannot(name: str) -> None:
        raise NotImplementedError

    monkeypatch.setattr(storage, missing, cannot)

    with caplog.at_level(logging.INFO):
        assert sweep() == 0
    assert storage.exists(orphan)
    assert "orphaned ones are not looked for" in caplog.text


def test_a_storage_that_is_away_does_not_stop_the_purge(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    record("report.running", ended(), at=LATER - dt.timedelta(days=100))

    def away(name: str) -> None:
        raise ConnectionError

    monkeypatch.setattr(storage, "listdir", away)

    list(purge(now=LATER))

    assert "could not be looked for" in caplog.text
    assert not AuditEvent.objects.exists()


def test_the_purge_finds_what_no_key_foretells_before_it_forgets_whose_it_was(
    storage: Storage, settings: Settings
) -> None:
    now = LATER
    report = ended(expires_at=now, attempt=1)
    AuditEvent.objects.filter(object_id=str(report.pk))._raw_delete("default")
    record("report.succeeded", report, at=now - dt.timedelta(days=91))
    orphan = stored(storage, report, "1.format-of-last-year")

    list(purge(now=now))

    assert not GeneratedReport.objects.exists()
    assert not storage.exists(orphan)
    assert not AuditEvent.objects.exists()
