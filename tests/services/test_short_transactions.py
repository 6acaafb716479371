"""A transaction of ours neither waits for hours nor makes others wait for hours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services import short_transactions
from django_report_scheduling.services.schedule_locks import hold_schedule
from django_report_scheduling.services.short_transactions import short_transaction
from tests.factories import ReportScheduleFactory

ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="Other databases have no such limits.")


def limits() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')")
        return list(cursor.fetchone())


@contextmanager
def another_session() -> Iterator[BaseDatabaseWrapper]:
    """A second connection, in a transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.close()


def hold_elsewhere(other: BaseDatabaseWrapper, *, first: str = "SELECT 1") -> None:
    """Let the other session hold all schedules."""
    with other.cursor() as cursor:
        cursor.execute(first)
        cursor.execute("SELECT id FROM report_scheduling_reportschedule FOR UPDATE")


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_limits_hold_for_the_transaction_alone() -> None:
    before = limits()

    with short_transaction():
        assert limits() == ["10s", "1min"]

    assert limits() == before


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_only_what_may_be_forgotten_does_not_wait_for_the_disk() -> None:
    def waits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

    with short_transaction(forgettable=True):
        assert waits() == "off"
    with short_transaction():
        assert waits() == "on"


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_the_caller_keeps_its_own_limits() -> None:
    before = limits()

    with transaction.atomic(), short_transaction():
        assert limits() == before


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_not_to_be_had_in_time_is_an_operational_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_transactions, "SET_LIMITS", short_transactions.SET_LIMITS.replace("10s", "50ms"))
    schedule = ReportScheduleFactory()

    with another_session() as other:
        hold_elsewhere(other)
        with pytest.raises(OperationalError, match="lock timeout"), short_transaction():
            hold_schedule(schedule.pk)

    with short_transaction():
        assert hold_schedule(schedule.pk) == schedule


@ON_POSTGRESQL
@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_rows_of_a_process_that_is_out_of_reach_are_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection is open as far as the database knows, but nothing comes any more."""
    set_limits = short_transactions.SET_LIMITS
    monkeypatch.setattr(short_transactions, "SET_LIMITS", set_limits.replace("10s", "300s"))
    schedule = ReportScheduleFactory()

    with another_session() as other:
        hold_elsewhere(other, first=set_limits.replace("60s", "100ms"))
        with short_transaction():
            assert hold_schedule(schedule.pk) == schedule


@pytest.mark.django_db(transaction=True)
def test_what_fails_inside_leaves_nothing_behind() -> None:
    with pytest.raises(ZeroDivisionError), short_transaction():
        raise ZeroDivisionError(ReportScheduleFactory())

    assert not ReportSchedule.objects.exists()
