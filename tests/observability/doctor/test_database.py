"""Database, migrations, SQLite and clock."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from django_report_scheduling.observability.doctor import Status
from django_report_scheduling.observability.doctor.probes import database
from django_report_scheduling.observability.doctor.probes.clock import ClockProbe
from django_report_scheduling.observability.doctor.probes.database import DatabaseProbe
from django_report_scheduling.observability.doctor.probes.migrations import MigrationsProbe
from django_report_scheduling.observability.doctor.probes.sqlite import SqliteProbe

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the database is not SQLite")


def test_a_database_that_answers_is_fine(finding):
    assert finding(DatabaseProbe()).message.startswith(f"{connection.display_name} answers a new connection in ")


@on_sqlite
def test_a_database_that_cannot_be_opened_has_failed(finding, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "/missing/folder/db.sqlite3")
    seen = finding(DatabaseProbe())
    assert seen.status == Status.FAIL
    assert "OperationalError: unable to open database file" in seen.message
    assert "correct DATABASES" in seen.fix


def test_a_database_that_hangs_has_failed(finding, monkeypatch):
    monkeypatch.setattr(database, "_ask", lambda _alias: time.sleep(5))
    assert "did not answer within 0.05 seconds" in finding(DatabaseProbe(seconds=0.05)).message


def test_applied_migrations_are_fine(finding):
    assert finding(MigrationsProbe()).status == Status.OK


@pytest.mark.parametrize(("number", "text"), [(1, "0001_initial."), (6, "and 1 more.")])
def test_missing_migrations_are_named(finding, number: int, text: str):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    rows = recorder.Migration.objects.filter(app="auth").order_by("-name")[: number - 1]
    recorder.Migration.objects.filter(pk__in=[row.pk for row in rows]).delete()
    seen = finding(MigrationsProbe())
    assert seen.status == Status.FAIL
    assert seen.message.startswith("Not applied: ")
    assert text in seen.message
    assert seen.fix == "Run: python manage.py migrate"


@on_sqlite
def test_sqlite_in_wal_mode_is_fine(finding):
    assert finding(SqliteProbe()).message == "The journal mode is wal."


@on_sqlite
def test_another_journal_mode_is_a_warning_with_the_options(finding, monkeypatch):
    class Cursor:
        def execute(self, _sql: str) -> None: ...

        def fetchone(self) -> tuple[str]:
            return ("delete",)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_error: object) -> None: ...

    monkeypatch.setattr(connection, "cursor", Cursor)
    seen = finding(SqliteProbe())
    assert (seen.status, seen.part) == (Status.WARN, "sqlite")
    assert "PRAGMA journal_mode=WAL" in seen.fix


def test_another_database_needs_no_journal_mode(finding, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert finding(SqliteProbe()).status == Status.SKIP


def test_clocks_that_agree_are_fine(finding):
    assert finding(ClockProbe()).status == Status.OK


@pytest.mark.parametrize(("minutes", "direction"), [(2, "120 s ahead of"), (-2, "120 s behind")])
def test_clocks_that_differ_are_a_warning(finding, minutes: int, direction: str):
    skewed = dt.timedelta(minutes=minutes)
    seen = finding(ClockProbe(local_now=lambda: dt.datetime.now(tz=dt.UTC) + skewed))
    assert seen.status == Status.WARN
    assert direction in seen.message
    assert "timedatectl set-ntp true" in seen.fix
