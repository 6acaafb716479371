"""An account goes with everything that was made for it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.report_storage import possible_keys
from tests.factories import NOW, AccountFactory, GeneratedReportFactory, UserFactory

pytestmark = pytest.mark.django_db


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
    assert list(events.values_list("verb", flat=True)) == ["report.cancelled", "account.deleted"]


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
    assert report.status == "running"


def test_an_account_that_does_not_exist_is_told() -> None:
    account = AccountFactory()
    account_id = account.pk
    account.delete()

    with pytest.raises(type(account).DoesNotExist):
        delete_account(account_id=account_id, actor=None, now=NOW)
