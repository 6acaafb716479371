"""The page behind the link in a mail: the file as an attachment, or one and the same 404."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import DeliveryStatus, Role, Trigger
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportFile
from django_report_scheduling.services.download_links import SALT, download_url, resolve_download
from django_report_scheduling.services.schedules import delete_schedule
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 the report"
HOST = "https://reports.example.org"


@pytest.fixture
def file(report_storage: InMemoryStorage) -> ReportFile:
    """A stored file of a report that was sent to client@customer.example."""
    report = GeneratedReportFactory(succeeded=True)
    return stored(report, report_storage)


def stored(report: GeneratedReport, storage: InMemoryStorage, **changes: Any) -> ReportFile:
    values = {
        "report": report, "format": "pdf", "key": f"reports/{report.pk}/1.pdf", "name": "acme-sample.pdf",
        "content_type": "application/pdf", "size": len(PDF), "sha256": "0" * 64, **changes,
    }  # fmt: skip
    storage.save(values["key"], ContentFile(PDF))
    return ReportFile.objects.create(**values)


@pytest.fixture
def delivery(file: ReportFile) -> Delivery:
    return DeliveryFactory(report=file.report, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)


@pytest.fixture
def link(delivery: Delivery, file: ReportFile) -> str:
    url = download_url(delivery, file)
    assert url.startswith(HOST)
    return url.removeprefix(HOST)


@pytest.fixture
def refused(client: Client) -> Callable[[str], None]:
    """Asserts that a link is answered exactly as one that never was."""

    def compare(url: str) -> None:
        never = client.get(reverse("report_scheduling:download", args=["no:such:token"]))
        events = AuditEvent.objects.count()
        response = client.get(url)

        assert (response.status_code, response.content) == (404, never.content)
        assert response.headers == never.headers
        assert AuditEvent.objects.count() == events

    return compare


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_good_link_gives_the_file(client: Client, link: str) -> None:
    response = client.get(link)

    assert response.status_code == 200
    assert content(response) == PDF


def test_attack_081_the_headers_keep_the_file_to_whoever_asked(client: Client, link: str) -> None:
    response = client.get(link)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="acme-sample.pdf"'
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_no_session_is_needed_and_none_is_begun(client: Client, link: str) -> None:
    assert not client.get(link).cookies


def test_a_download_is_written_down_without_the_address(client: Client, link: str, delivery: Delivery) -> None:
    client.get(link)

    event = AuditEvent.objects.get(verb="report.downloaded")
    assert (event.object_id, event.schedule_id) == (str(delivery.pk), delivery.report.schedule_id)
    assert event.data == {"format": "pdf"}
    assert event.actor is None


def test_a_mail_scanner_that_looks_at_the_headers_downloads_nothing(client: Client, link: str) -> None:
    response = client.head(link)

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert content(response) == b""
    assert not AuditEvent.objects.exists()


def test_a_download_that_broke_off_can_be_gone_on_with_and_is_written_down_again(client: Client, link: str) -> None:
    begun = client.get(link, headers={"Range": "bytes=0-3"})
    first = content(begun)
    rest = client.get(link, headers={"Range": "bytes=4-", "If-Range": begun["ETag"]})

    assert (begun.status_code, rest.status_code) == (206, 206)
    assert first + content(rest) == PDF
    assert AuditEvent.objects.filter(verb="report.downloaded").count() == 2


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_but_reading_is_possible(method: str, client: Client, link: str) -> None:
    response: HttpResponse = getattr(client, method)(link)

    assert response.status_code == 405
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("position", [5, 20, -30, -2])
def test_attack_078_an_altered_link_is_refused(position: int, link: str, refused: Callable[[str], None]) -> None:
    token = link.rstrip("/").rpartition("/")[2]
    other = "A" if token[position] != "A" else "B"
    altered = token[:position] + other + (token[position + 1 :] if position != -1 else "")

    refused(reverse("report_scheduling:download", args=[altered]))


@pytest.mark.parametrize("token", ["x", "a:b", "a:b:c", "::", "..", "%00", "\x00", "ü", "x" * 5000])
def test_attack_078_a_link_that_is_none_is_refused(token: str, refused: Callable[[str], None]) -> None:
    refused(reverse("report_scheduling:download", args=[token]))


def test_attack_078_a_signature_for_another_purpose_is_refused(
    delivery: Delivery, refused: Callable[[str], None]
) -> None:
    token = signing.dumps({"d": str(delivery.pk), "f": "pdf"}, salt="report_scheduling.confirm")

    refused(reverse("report_scheduling:download", args=[token]))


@pytest.mark.parametrize("claim", [{}, [], "x", None, {"d": "1"}, {"f": "pdf"}])
def test_a_signed_claim_of_another_shape_is_refused(claim: Any, refused: Callable[[str], None]) -> None:
    refused(reverse("report_scheduling:download", args=[signing.dumps(claim, salt=SALT)]))


def test_attack_078_a_link_for_a_file_that_is_not_of_the_report_is_refused(
    delivery: Delivery, refused: Callable[[str], None]
) -> None:
    token = signing.dumps({"d": str(delivery.pk), "f": "csv"}, salt=SALT)

    refused(reverse("report_scheduling:download", args=[token]))


def test_attack_078_the_link_of_one_report_does_not_open_another(
    client: Client, link: str, report_storage: InMemoryStorage
) -> None:
    other = GeneratedReportFactory(succeeded=True)
    stored(other, report_storage, name="other.pdf")

    assert "acme-sample.pdf" in client.get(link)["Content-Disposition"]


def test_attack_078_a_link_outlives_a_change_of_the_key_through_its_fallback(
    client: Client, link: str, settings: Settings, refused: Callable[[str], None]
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert client.get(link).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    refused(link)


def test_attack_078_a_link_lives_as_long_as_the_files(
    client: Client, delivery: Delivery, file: ReportFile, settings: Settings, refused: Callable[[str], None]
) -> None:
    settings.REPORT_SCHEDULING = {"BASE_URL": HOST, "RETENTION": dt.timedelta(days=7)}
    with time_machine.travel(NOW, tick=False):
        url = download_url(delivery, file).removeprefix(HOST)

    with time_machine.travel(NOW + dt.timedelta(days=6, hours=23), tick=False):
        assert client.get(url).status_code == 200
    with time_machine.travel(NOW + dt.timedelta(days=7, seconds=2), tick=False):
        refused(url)


def test_attack_079_a_recipient_who_was_taken_off_is_refused(
    delivery: Delivery, link: str, refused: Callable[[str], None]
) -> None:
    schedule = delivery.report.schedule
    assert schedule is not None
    schedule.recipients = ["other@customer.example"]
    schedule.save()

    refused(link)


def test_attack_079_a_recipient_whose_domain_is_no_longer_allowed_is_refused(
    delivery: Delivery, link: str, refused: Callable[[str], None]
) -> None:
    account = delivery.report.account
    account.allowed_recipient_domains = []
    account.save()

    refused(link)


def test_attack_079_a_recipient_who_lost_the_role_is_refused(
    client: Client, report_storage: InMemoryStorage, refused: Callable[[str], None]
) -> None:
    user = UserFactory()
    schedule = ReportScheduleFactory(recipients=[user.email])
    grant(account=schedule.account, holder=user, role=Role.CLIENT)
    file = stored(GeneratedReportFactory(succeeded=True, schedule=schedule), report_storage)
    delivery = DeliveryFactory(
        report=file.report, target=user.email, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW
    )
    link = download_url(delivery, file).removeprefix(HOST)
    assert client.get(link).status_code == 200

    revoke(account=schedule.account, holder=user)

    refused(link)


def test_attack_079_nobody_downloads_for_a_schedule_that_was_deleted(
    delivery: Delivery, link: str, refused: Callable[[str], None]
) -> None:
    delete_schedule(schedule_id=delivery.report.schedule_id, actor=None, now=NOW)

    refused(link)


def test_attack_079_nobody_downloads_for_an_account_that_is_inactive(
    delivery: Delivery, link: str, refused: Callable[[str], None]
) -> None:
    account = delivery.report.account
    account.active = False
    account.save()

    refused(link)


@pytest.mark.parametrize("status", [DeliveryStatus.PENDING, DeliveryStatus.FAILED, DeliveryStatus.SUPPRESSED])
def test_a_delivery_that_did_not_go_out_opens_nothing(
    status: DeliveryStatus, delivery: Delivery, link: str, refused: Callable[[str], None]
) -> None:
    Delivery.objects.update(status=status, wake_at=NOW if status == DeliveryStatus.PENDING else None)

    refused(link)


def test_a_delivery_that_is_gone_opens_nothing(delivery: Delivery, link: str, refused: Callable[[str], None]) -> None:
    delivery.delete()

    refused(link)


def test_a_file_that_is_gone_from_the_storage_is_refused_and_not_written_down(
    file: ReportFile, link: str, report_storage: InMemoryStorage, refused: Callable[[str], None]
) -> None:
    report_storage.delete(file.key)

    refused(link)


def test_a_preview_is_for_the_person_who_asked_for_it(
    client: Client, report_storage: InMemoryStorage, refused: Callable[[str], None]
) -> None:
    user = UserFactory()
    report = GeneratedReportFactory(succeeded=True, trigger=Trigger.PREVIEW, requested_by=user)
    grant(account=report.account, holder=user, role=Role.CLIENT)
    file = stored(report, report_storage)
    delivery = DeliveryFactory(report=report, target=user.email, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)
    link = download_url(delivery, file).removeprefix(HOST)
    assert client.get(link).status_code == 200

    user.is_active = False
    user.save()

    refused(link)


def test_without_a_base_url_there_is_no_link(delivery: Delivery, file: ReportFile, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {}

    assert download_url(delivery, file) == ""


def test_without_our_urls_there_is_no_link(delivery: Delivery, file: ReportFile, settings: Settings) -> None:
    settings.ROOT_URLCONF = "django.contrib.auth.urls"

    assert download_url(delivery, file) == ""


def test_a_slash_at_the_end_of_the_base_url_is_not_doubled(
    delivery: Delivery, file: ReportFile, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"BASE_URL": f"{HOST}/"}

    assert download_url(delivery, file).startswith(f"{HOST}/reports/download/")


def test_a_link_names_neither_the_recipient_nor_the_account(link: str, delivery: Delivery) -> None:
    payload = signing.loads(link.rstrip("/").rpartition("/")[2], salt=SALT)

    assert payload == {"d": str(delivery.pk), "f": "pdf"}
    assert resolve_download(link.rstrip("/").rpartition("/")[2]) is not None
