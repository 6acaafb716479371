"""A mailed link where the storage signs URLs: everything is asked first, and the way leads on for five minutes."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.test import Client
from pytest_django import Settings
from storages.backends.s3 import S3Storage

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import AuditEvent, Delivery, ReportFile
from django_report_scheduling.services.download_links import download_url
from tests.factories import NOW, DeliveryFactory
from tests.object_storages import S3_OPTIONS

pytestmark = pytest.mark.django_db

HOST = "https://reports.example.org"


class Bucket(S3Storage):
    """Signs as S3's storage does, and has every file until told otherwise."""

    fault: Exception | None = None
    has_file = True

    def exists(self, name: str) -> bool:
        if self.fault:
            raise self.fault
        return self.has_file

    def open(self, name: str, mode: str = "rb") -> Any:
        msg = "the bytes of an object storage must not go through the site"
        raise AssertionError(msg)


@pytest.fixture
def bucket(settings: Settings) -> Bucket:
    settings.STORAGES = {**settings.STORAGES}
    bucket = Bucket(**S3_OPTIONS)
    storages._storages["default"] = bucket
    return bucket


@pytest.fixture
def link(bucket: Bucket) -> str:
    delivery = DeliveryFactory(status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)
    file = ReportFile.objects.create(
        report=delivery.report, format="pdf", key="reports/a/b/1.pdf", name="acme.pdf",
        content_type="application/pdf", size=7, sha256="0" * 64,
    )  # fmt: skip
    return download_url(delivery, file).removeprefix(HOST)


def test_the_way_leads_to_the_storage_and_is_neither_kept_nor_passed_on(client: Client, link: str) -> None:
    response = client.get(link)

    assert (response.status_code, response.content) == (302, b"")
    assert urlsplit(response["Location"]).path == "/reports/a/b/1.pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(("configured", "life"), [(dt.timedelta(hours=1), "300"), (dt.timedelta(seconds=30), "30")])
def test_attack_079_it_is_open_for_five_minutes_at_most(
    configured: dt.timedelta, life: str, client: Client, link: str, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"BASE_URL": HOST, "DOWNLOAD_URL_EXPIRY": configured}

    assert parse_qs(urlsplit(client.get(link)["Location"]).query)["X-Amz-Expires"] == [life]


def test_a_download_is_written_down_once(client: Client, link: str) -> None:
    client.get(link)

    event = AuditEvent.objects.get(verb="report.downloaded")
    assert (event.actor, event.data) == (None, {"format": "pdf"})


def test_a_mail_scanner_gets_no_url_and_downloads_nothing(client: Client, link: str) -> None:
    response = client.head(link)

    assert (response.status_code, response["Content-Length"]) == (200, "7")
    assert "Location" not in response
    assert not AuditEvent.objects.exists()


def test_attack_079_who_may_no_longer_receive_the_report_gets_no_url(client: Client, link: str) -> None:
    Delivery.objects.update(status=DeliveryStatus.SUPPRESSED)

    response = client.get(link)

    assert response.status_code == 404
    assert "Location" not in response


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_that_is_gone_is_not_found(method: str, client: Client, link: str, bucket: Bucket) -> None:
    bucket.has_file = False

    assert getattr(client, method)(link).status_code == 404
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_storage_that_does_not_answer_is_a_503_that_tells_nothing(
    method: str, client: Client, link: str, bucket: Bucket
) -> None:
    bucket.fault = ConnectionError("10.0.0.5 refused for key AKIA1234")

    response = getattr(client, method)(link)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    for secret in (b"10.0.0.5", b"AKIA1234"):
        assert secret not in response.content
    assert not AuditEvent.objects.exists()


def test_a_storage_that_signs_in_an_old_way_is_read_by_us(
    client: Client, link: str, report_storage: InMemoryStorage
) -> None:
    report_storage.save("reports/a/b/1.pdf", ContentFile(b"%PDF-17"))
    old = type("Old", (S3Storage,), {"exists": report_storage.exists, "open": report_storage.open})
    storages._storages["default"] = old(**S3_OPTIONS | {"signature_version": "s3"})

    response = client.get(link)

    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"%PDF-17")
