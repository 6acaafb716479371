"""An account goes with everything that was made for it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection

from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.report_storage import possible_keys
from tests.factories import (
    NOW,
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7)
FROZEN = {"report_type": "sample", "formats": ["json"], "frequency": "weekly", "timezone": "UTC"}


def test_its_schedules_reports_and_every_file_of_every_attempt_are_gone(report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(running=True)
    keys = possible_keys(report)
    for key in keys:
        report_storage.save(key, ContentFile(b"x"))

    delete_account(account_id=report.account_id, actor=None, now=NOW)

    assert not GeneratedReport.objects.exists()
    assert not ReportSchedule.objects.exists()
    assert not any(report_storage.exists(key) for key in keys)


def test_what_was_under_way_is_written_to_the_record_and_stays_there(report_storage: InMemoryStorage) -> None:
    report, actor = GeneratedReportFactory(running=True), UserFactory()

    delete_account(account_id=report.account_id, actor=actor, now=NOW)

    events = AuditEvent.objects.filter(account_id=str(report.account_id), actor=actor).order_by("id")
    assert list(events.values_list("verb", flat=True)) == [
        "account.deactivated", "report.cancelled", "account.deleted",
    ]  # fmt: skip


def test_nothing_more_begins_or_is_sent_from_the_first_moment_on(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = GeneratedReportFactory(queued=True, queued_at=NOW)
    of_a_deleted_schedule = GeneratedReportFactory(running=True, schedule=None, account=report.account, **FROZEN)
    waiting = DeliveryFactory(report__schedule=report.schedule, report__slot=NOW - WEEK, queued_at=NOW)
    seen: list[tuple[object, ...]] = []

    def look(name: str) -> None:
        for row in (report, of_a_deleted_schedule, waiting, report.account):
            row.refresh_from_db()
        seen.append((report.status, of_a_deleted_schedule.status, waiting.status, report.account.active))
        assert (report.queued_at, waiting.queued_at) == (None, None)

    monkeypatch.setattr(report_storage, "delete", look)
    delete_account(account_id=report.account_id, actor=None, now=NOW)

    assert set(seen) == {("cancelled", "cancelled", "suppressed", False)}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_storage_works(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = GeneratedReportFactory(running=True)
    open_ones: list[bool] = []
    monkeypatch.setattr(report_storage, "delete", lambda _name: open_ones.append(connection.in_atomic_block))

    delete_account(account_id=report.account_id, actor=None, now=NOW)

    assert set(open_ones) == {False}


def test_a_deletion_that_was_stopped_can_be_asked_for_again(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = GeneratedReportFactory(succeeded=True)
    with monkeypatch.context() as patch:
        patch.setattr("django_report_scheduling.services.accounts._batches", lambda _reports: None)
        with pytest.raises(TypeError):
            delete_account(account_id=report.account_id, actor=None, now=NOW)
    assert not type(report.account).objects.get().active

    delete_account(account_id=report.account_id, actor=None, now=NOW)

    assert not type(report.account).objects.exists()
    assert AuditEvent.objects.filter(verb="account.deactivated").count() == 1


def test_reports_go_batch_by_batch(report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_report_scheduling.services.accounts.BATCH", 2)
    account = AccountFactory()
    schedule = ReportScheduleFactory(account=account)
    for days in range(5):
        GeneratedReportFactory(schedule=schedule, succeeded=True, slot=NOW - days * WEEK)

    delete_account(account_id=account.pk, actor=None, now=NOW)

    assert not GeneratedReport.objects.exists()


def test_other_accounts_keep_everything(report_storage: InMemoryStorage) -> None:
    kept = GeneratedReportFactory(succeeded=True)
    key = report_storage.save(possible_keys(kept)[0], ContentFile(b"x"))

    delete_account(account_id=AccountFactory().pk, actor=None, now=NOW)

    assert GeneratedReport.objects.get() == kept
    assert report_storage.exists(key)


def test_a_file_that_the_storage_keeps_keeps_the_account(
    report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = GeneratedReportFactory(running=True)

    def delete(name: str) -> None:
        raise PermissionError

    monkeypatch.setattr(report_storage, "delete", delete)

    with pytest.raises(ReportSchedulingError, match="the account was kept"):
        delete_account(account_id=report.account_id, actor=None, now=NOW)
    report.refresh_from_db()
    assert (report.status, report.account.active) == ("cancelled", False)


def test_an_account_that_does_not_exist_is_told() -> None:
    account = AccountFactory()
    account_id = account.pk
    account.delete()

    with pytest.raises(type(account).DoesNotExist):
        delete_account(account_id=account_id, actor=None, now=NOW)
