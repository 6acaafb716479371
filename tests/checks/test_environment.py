"""What the package needs from the project around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connections

FILES = "django.core.files.storage.FileSystemStorage"


def storages(location: Path, **options: Any) -> dict[str, Any]:
    return {"default": {"BACKEND": FILES, "OPTIONS": {"location": str(location), **options}}}


def test_an_alias_that_is_not_in_storages_is_refused(only):
    message = only({"STORAGE": "reports"})
    assert message.id == "report_scheduling.E005"
    assert "'reports'" in message.msg
    assert 'STORAGES["reports"] = {' in message.hint


def test_a_storage_whose_class_cannot_be_imported_is_refused(only):
    message = only(STORAGES={"default": {"BACKEND": "host.missing.Storage"}})
    assert message.id == "report_scheduling.E005"
    assert "host.missing" in message.msg


def test_a_missing_storage_is_not_reported_as_public_too(checked):
    ids = [message.id for message in checked({"STORAGE": "reports", "BASE_URL": "https://a.example"}, deploy=True)]
    assert ids == ["report_scheduling.E005"]


@pytest.mark.parametrize("base_url", ["/media/", "https://cdn.example.com/"])
def test_reports_among_public_media_are_a_warning_in_production(only, tmp_path: Path, base_url: str):
    message = only({"BASE_URL": "https://a.example"}, deploy=True, STORAGES=storages(tmp_path, base_url=base_url))
    assert message.id == "report_scheduling.W002"
    assert base_url in message.msg


def test_media_without_an_address_are_not_public(checked, tmp_path: Path):
    ours = {"BASE_URL": "https://a.example"}
    assert checked(ours, deploy=True, STORAGES=storages(tmp_path), MEDIA_URL="") == []


def test_a_folder_below_media_is_public_too(only, tmp_path: Path):
    both = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "reports": {"BACKEND": FILES, "OPTIONS": {"location": str(tmp_path / "media" / "reports")}},
    }
    message = only(
        {"STORAGE": "reports", "BASE_URL": "https://a.example"},
        deploy=True, STORAGES=both, MEDIA_ROOT=str(tmp_path / "media"), MEDIA_URL="/media/",
    )  # fmt: skip
    assert message.id == "report_scheduling.W002"


def test_a_folder_beside_media_is_private(checked, tmp_path: Path):
    both = {
        **storages(tmp_path / "media", base_url="/media/"),
        "reports": {"BACKEND": FILES, "OPTIONS": {"location": str(tmp_path / "reports")}},
    }
    ours = {"STORAGE": "reports", "BASE_URL": "https://a.example"}
    assert checked(ours, deploy=True, STORAGES=both, MEDIA_URL="/media/") == []


def test_local_times_without_a_zone_are_refused(only):
    message = only(USE_TZ=False)
    assert message.id == "report_scheduling.E013"
    assert message.hint == "Set USE_TZ = True."


@pytest.mark.parametrize("mode", [None, "DEFERRED"])
def test_sqlite_without_immediate_transactions_is_a_warning(only, monkeypatch, mode: str | None):
    connection = connections["default"]
    if connection.vendor != "sqlite":
        pytest.skip("the database is not SQLite")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"transaction_mode": mode})
    message = only()
    assert message.id == "report_scheduling.W001"
    assert '"transaction_mode": "IMMEDIATE"' in message.hint


def test_sqlite_in_memory_belongs_to_one_process_and_needs_nothing(checked, monkeypatch):
    connection = connections["default"]
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    monkeypatch.setattr(type(connection), "is_in_memory_db", lambda _self: True, raising=False)
    assert checked() == []


def test_other_databases_need_no_options(checked, monkeypatch):
    connection = connections["default"]
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert checked() == []


def test_no_check_touches_the_database(checked, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        checked(deploy=True)
