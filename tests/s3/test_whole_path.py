"""From a due report to its PDF in somebody's hands, with S3 in between."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable

import pytest
from django.core.files.storage import Storage
from django.test import Client
from django.urls import reverse
from storages.backends.s3 import S3Storage

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, ReportStatus, Role
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport
from django_report_scheduling.services.download_links import download_url
from django_report_scheduling.services.generation import generate_report
from tests.factories import NOW, GeneratedReportFactory, UserFactory
from tests.s3.conftest import MakeStorage
from tests.s3.faulty_line import SECRET, FaultyLine
from tests.s3.http import get

pytestmark = [pytest.mark.s3, pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def report(s3_storage: S3Storage, keep_reports_in: Callable[[Storage], None]) -> GeneratedReport:
    """A report that was generated into S3."""
    keep_reports_in(s3_storage)
    report = GeneratedReportFactory(queued=True, schedule__formats=["pdf"])
    status = generate_report(report_id=report.pk, attempt=report.attempt, clock=lambda: NOW)
    assert status == ReportStatus.SUCCEEDED
    report.refresh_from_db()
    return report


@pytest.fixture
def reader(report: GeneratedReport, client: Client) -> Client:
    """The browser of a client of the account."""
    user = UserFactory()
    grant(account=report.account, holder=user, role=Role.CLIENT)
    client.force_login(user)
    return client


def download(report: GeneratedReport) -> str:
    return reverse("report_scheduling_api:report-download", args=[report.pk]) + "?format=pdf"


def test_the_pdf_arrives_as_it_was_stored(reader: Client, report: GeneratedReport) -> None:
    response = reader.get(download(report))

    assert response.status_code == 302
    answer = get(response["Location"])
    assert answer.status == 200
    assert answer.content.startswith(b"%PDF-")
    assert hashlib.sha256(answer.content).hexdigest() == report.files.get().sha256


def test_a_mailed_link_leads_to_the_storage_for_five_minutes(client: Client, report: GeneratedReport) -> None:
    delivery = report.deliveries.get()
    Delivery.objects.update(status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)
    link = download_url(delivery, report.files.get()).removeprefix("https://reports.example.org")

    response = client.get(link)

    assert response.status_code == 302
    assert "X-Amz-Expires=300" in response["Location"]
    assert get(response["Location"]).content.startswith(b"%PDF-")


def test_a_file_that_is_gone_from_the_bucket_is_named(
    reader: Client, report: GeneratedReport, s3_storage: S3Storage
) -> None:
    s3_storage.delete(report.files.get().key)

    response = reader.get(download(report))

    assert (response.status_code, response.json()["code"]) == (409, "file_missing")


@pytest.mark.parametrize("fault", ["busy", "nobody listens"])
def test_attack_083_a_storage_that_does_not_answer_is_a_503_that_tells_nothing(
    fault: str,
    reader: Client,
    report: GeneratedReport,
    line: FaultyLine,
    make_storage: MakeStorage,
    keep_reports_in: Callable[[Storage], None],
) -> None:
    line.busy = True
    with socket.create_server(("127.0.0.1", 0)) as held:
        nobody = f"http://127.0.0.1:{held.getsockname()[1]}"
    endpoint = line.url if fault == "busy" else nobody
    keep_reports_in(make_storage(endpoint, bucket_name="reports-elsewhere"))

    response = reader.get(download(report))

    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert response["Retry-After"] == "30"
    for secret in (SECRET, "127.0.0.1", "reports-elsewhere", "SlowDown"):
        assert secret not in response.content.decode()
    assert not AuditEvent.objects.filter(verb="report.downloaded").exists()
