"""``purge`` deletes what is past its retention, and counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management.base import CommandError

from django_report_scheduling.models import GeneratedReport
from tests.factories import NOW, GeneratedReportFactory
from tests.refusing_storage import RefusingStorage


@pytest.fixture
def expired(db):
    return GeneratedReportFactory(succeeded=True, expires_at=NOW - dt.timedelta(days=1))


def test_expired_reports_go(run, expired, report_storage):
    assert run("purge").out == "1 reports deleted.\n"
    assert not GeneratedReport.objects.exists()


def test_progress_is_shown_on_a_terminal(run, expired, report_storage):
    assert "\r1 reports deleted …" in run("purge", terminal=True).err


def test_files_that_the_storage_keeps_are_an_error(run, expired, monkeypatch):
    monkeypatch.setattr("django_report_scheduling.services.purge.report_storage", RefusingStorage)
    with pytest.raises(CommandError, match="1 reports are kept"):
        run("purge")
    assert GeneratedReport.objects.exists()
