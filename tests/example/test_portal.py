"""The pages of the example's portal, above all: who sees what."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AbstractUser
from django.core.files.base import ContentFile
from django.test import Client, modify_settings, override_settings
from django.urls import clear_url_caches, reverse
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.choices import Role
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.services.report_storage import report_storage
from django_report_scheduling.services.roles import grant_role
from tests.example.conftest import EXAMPLE
from tests.factories import AccountFactory, GeneratedReportFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal", "report_storage")]


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The portal in the host project of the suite."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    with (
        modify_settings(INSTALLED_APPS={"append": "portal"}),
        override_settings(ROOT_URLCONF="example_project.urls", LOGIN_URL="login"),
    ):
        yield
    clear_url_caches()
    for name in [name for name in sys.modules if name.partition(".")[0] in {"portal", "example_project"}]:
        del sys.modules[name]


@pytest.fixture
def report(now: dt.datetime) -> GeneratedReport:
    """A report with one file."""
    report = GeneratedReportFactory(succeeded=True)
    key = report_storage().save(f"reports/{report.pk}/1.pdf", ContentFile(b"%PDF-content"))
    ReportFile.objects.create(
        report=report,
        format="pdf",
        key=key,
        name="weekly.pdf",
        content_type="application/pdf",
        size=12,
        sha256="0" * 64,
    )
    return report


def member(report: GeneratedReport, now: dt.datetime, role: Role = Role.CLIENT) -> AbstractUser:
    user = UserFactory()
    grant_role(account=report.account, holder=user, role=role, actor=None, now=now)
    return user


def download_url(report: GeneratedReport, file_format: str = "pdf") -> str:
    return reverse("portal:download", args=[report.pk, file_format])


def test_without_login_every_page_leads_to_the_login(client: Client, report: GeneratedReport) -> None:
    for url in (reverse("portal:overview"), download_url(report)):
        response = client.get(url)
        assert (response.status_code, response.url) == (302, f"/login/?next={url}")


@pytest.mark.parametrize("role", Role)
def test_a_member_sees_reports_and_schedules_of_the_account(
    client: Client, report: GeneratedReport, now: dt.datetime, role: Role
) -> None:
    client.force_login(member(report, now, role))

    page = client.get(reverse("portal:overview"))

    assert page["Cache-Control"] == "private, no-store"
    text = page.content.decode()
    assert report.account.name in text
    assert download_url(report) in text
    assert report.schedule.name in text
    assert report.schedule.timezone in text


def test_a_stranger_sees_nothing(client: Client, report: GeneratedReport, now: dt.datetime) -> None:
    other = GeneratedReportFactory(succeeded=True, account=AccountFactory(name="Somebody else"))
    client.force_login(member(other, now))

    text = client.get(reverse("portal:overview")).content.decode()

    assert report.account.name not in text
    assert str(report.pk) not in text
    refused = client.get(download_url(report))
    unknown = client.get(download_url(report).replace(str(report.pk), str(other.schedule_id or other.account_id)))
    assert (refused.status_code, refused.content) == (404, unknown.content)


def test_a_download_is_an_attachment_that_nobody_keeps(
    client: Client, report: GeneratedReport, now: dt.datetime
) -> None:
    client.force_login(member(report, now))

    response = client.get(download_url(report))

    assert b"".join(response.streaming_content) == b"%PDF-content"
    assert response["Content-Disposition"] == 'attachment; filename="weekly.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_format_that_was_not_made_and_a_file_that_is_gone_are_not_found(
    client: Client, report: GeneratedReport, now: dt.datetime
) -> None:
    client.force_login(member(report, now))
    assert client.get(download_url(report, "xlsx")).status_code == 404
    report_storage().delete(report.files.get().key)
    assert client.get(download_url(report)).status_code == 404


def test_only_staff_is_led_to_the_admin(client: Client, report: GeneratedReport, now: dt.datetime) -> None:
    client.force_login(member(report, now))
    assert reverse("admin:index") not in client.get(reverse("portal:overview")).content.decode()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert reverse("admin:index") in client.get(reverse("portal:overview")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_reports(
    client: Client, report: GeneratedReport, now: dt.datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    GeneratedReportFactory.create_batch(10, account=report.account, succeeded=True)
    client.force_login(member(report, now))
    with django_assert_max_num_queries(8):
        client.get(reverse("portal:overview"))
