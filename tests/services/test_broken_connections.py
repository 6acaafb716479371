"""A connection that broke does not outlive the task that found out."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from django_report_scheduling.services.reconnection import drop_broken_connection


def fail() -> None:
    with pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT no_such_column FROM no_such_table")


@pytest.fixture
def own_connection(transactional_db: None) -> object:
    connection.ensure_connection()
    return connection.connection


def test_a_connection_that_broke_is_closed(own_connection: object, monkeypatch: pytest.MonkeyPatch) -> None:
    fail()
    monkeypatch.setattr(connection, "is_usable", lambda: False)

    drop_broken_connection()

    connection.ensure_connection()
    assert connection.connection is not own_connection


def test_one_that_still_works_is_kept(own_connection: object) -> None:
    fail()

    drop_broken_connection()

    assert connection.connection is own_connection
    assert not connection.errors_occurred


def test_one_on_which_nothing_failed_is_not_even_asked(own_connection: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "is_usable", lambda: False)

    drop_broken_connection()

    assert connection.connection is own_connection
