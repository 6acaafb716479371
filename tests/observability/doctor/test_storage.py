"""The storage of report files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from django_report_scheduling.observability.doctor import Status
from django_report_scheduling.observability.doctor.probes.storage import StorageProbe
from tests.refusing_storage import RefusingStorage


class Bucket:
    """Not a folder of this machine; made of one, to have its bytes somewhere."""

    querystring = "?signature=abc"

    def __init__(self, **faults: Any) -> None:
        self._files = InMemoryStorage()
        self.faults = faults

    def save(self, name: str, content: Any) -> str:
        return str(self._files.save(name, content))

    def open(self, name: str, mode: str) -> Any:
        return ContentFile(self.faults["content"]) if "content" in self.faults else self._files.open(name, mode)

    def url(self, name: str) -> str:
        if "url" in self.faults:
            raise self.faults["url"]
        return f"https://bucket.example/{name}{self.querystring}"

    def delete(self, name: str) -> None:
        if "delete" in self.faults:
            raise self.faults["delete"]
        self._files.delete(name)


class PublicBucket(Bucket):
    querystring = ""


@pytest.fixture
def use(monkeypatch):
    def use_storage(storage: Any) -> None:
        monkeypatch.setattr(
            "django_report_scheduling.observability.doctor.probes.storage.report_storage", lambda: storage
        )

    return use_storage


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def folder_storage(folder: Path) -> dict[str, Any]:
    backend = "django.core.files.storage.FileSystemStorage"
    return {"default": {"BACKEND": backend, "OPTIONS": {"location": str(folder)}}}


def test_a_folder_that_works_is_fine_and_left_empty(finding, settings, tmp_path: Path):
    settings.STORAGES = folder_storage(tmp_path)
    assert finding(StorageProbe()).message == (
        "FileSystemStorage “default” writes, reads and deletes, and leaves links to this site."
    )
    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_written_has_failed(finding, settings, tmp_path: Path):
    (tmp_path / "media").write_text("a file where the folder should be")
    settings.STORAGES = folder_storage(tmp_path / "media")
    seen = finding(StorageProbe())
    assert seen.status == Status.FAIL
    assert "cannot write: " in seen.message
    assert seen.fix.endswith(str(tmp_path / "media"))


def test_a_storage_that_is_read_only_has_failed(finding, use):
    use(RefusingStorage())
    assert "cannot write: PermissionError" in finding(StorageProbe()).message


def test_a_storage_that_gives_other_bytes_back_has_failed(finding, use):
    use(Bucket(content=b"other"))
    assert "cannot read back what was written" in finding(StorageProbe()).message


def test_a_storage_that_cannot_sign_has_failed(finding, use):
    use(Bucket(url=ValueError("no credentials")))
    seen = finding(StorageProbe())
    assert "cannot make a link: ValueError: no credentials" in seen.message
    assert "bucket" in seen.fix


def test_a_storage_that_cannot_delete_has_failed(finding, use):
    use(Bucket(delete=PermissionError("denied")))
    assert "cannot delete: PermissionError: denied" in finding(StorageProbe()).message


def test_a_storage_that_signs_is_fine(finding, use):
    use(Bucket())
    assert finding(StorageProbe()).message.endswith("and signs links.")


def test_links_without_a_signature_are_a_warning(finding, use):
    use(PublicBucket())
    seen = finding(StorageProbe())
    assert seen.status == Status.WARN
    assert '"querystring_auth"] = True' in seen.fix


def test_a_storage_that_hangs_has_failed(finding, use, monkeypatch):
    bucket = Bucket()
    monkeypatch.setattr(bucket, "save", lambda *_args: time.sleep(5))
    use(bucket)
    assert "did not answer within 0.05 seconds" in finding(StorageProbe(seconds=0.05)).message


def test_an_alias_that_does_not_exist_has_failed(finding, settings):
    settings.REPORT_SCHEDULING = {"STORAGE": "reports"}
    assert "InvalidStorageError" in finding(StorageProbe()).message
