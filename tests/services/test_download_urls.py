"""Handing out a URL, as hosts do that have views of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from pytest_django import Settings

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import ReportStatus, Role
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AuditEvent, ReportFile
from django_report_scheduling.services.download_urls import issue_download_url
from django_report_scheduling.services.file_links import file_link, resolve_file_link
from tests.factories import NOW, GeneratedReportFactory, UserFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def file(report_storage: InMemoryStorage) -> ReportFile:
    report = GeneratedReportFactory(succeeded=True)
    key = report_storage.save(f"reports/{report.account_id}/{report.pk}/1.pdf", ContentFile(b"%PDF"))
    return ReportFile.objects.create(
        report=report, format="pdf", key=key, name="a.pdf", content_type="application/pdf", size=4, sha256="0" * 64
    )


@pytest.fixture
def reader(file: ReportFile) -> Any:
    user = UserFactory()
    grant(account=file.report.account, holder=user, role=Role.CLIENT)
    return user


@pytest.fixture
def issue(file: ReportFile, reader: Any) -> Callable[[], str]:
    return lambda: issue_download_url(report=file.report, format_name="pdf", actor=reader, now=NOW)


def token_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_without_a_signing_storage_it_is_a_path_of_this_site(issue: Callable[[], str], file: ReportFile) -> None:
    url = issue()

    assert url.startswith("/api/v1/files/")
    assert resolve_file_link(token_of(url), asking=None) == file


def test_the_event_is_of_the_moment_that_was_given(issue: Callable[[], str], reader: Any) -> None:
    issue()

    event = AuditEvent.objects.get()
    assert (event.verb, event.at, event.actor, event.data) == ("report.downloaded", NOW, reader, {"format": "pdf"})


def test_attack_094_who_lost_the_role_after_the_report_was_read_gets_nothing(
    issue: Callable[[], str], file: ReportFile, reader: Any
) -> None:
    revoke(account=file.report.account, holder=reader)

    with pytest.raises(ReportFile.DoesNotExist):
        issue()
    assert not AuditEvent.objects.exists()


def test_a_report_that_has_not_succeeded_is_refused(issue: Callable[[], str], file: ReportFile) -> None:
    file.report.status = ReportStatus.FAILED

    with pytest.raises(WrongState, match="has not succeeded"):
        issue()


def test_a_project_without_our_urls_is_told_what_to_add(issue: Callable[[], str], settings: Settings) -> None:
    settings.ROOT_URLCONF = "django.contrib.auth.urls"

    with pytest.raises(ImproperlyConfigured, match=r"include\(.django_report_scheduling.api.urls.\)"):
        issue()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("configured", "seconds"), [(dt.timedelta(seconds=-5), 1), (HOUR, 3600), (dt.timedelta(days=30), 7 * 86400)]
)
def test_attack_080_a_path_of_this_site_ends_when_a_url_of_a_storage_would(
    configured: dt.timedelta, seconds: int, file: ReportFile, reader: Any, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"DOWNLOAD_URL_EXPIRY": configured}
    with time_machine.travel(NOW, tick=False):
        token = token_of(file_link(file, reader))

    with time_machine.travel(NOW + dt.timedelta(seconds=seconds), tick=False):
        assert resolve_file_link(token, asking=None) == file
    with time_machine.travel(NOW + dt.timedelta(seconds=seconds + 2), tick=False):
        assert resolve_file_link(token, asking=None) is None
