"""Downloading a report: the way to a signed URL that expires."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.test import Client
from rest_framework.test import APIClient

from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from tests.api.callers import calling
from tests.api.downloads.conftest import PDF, content, download_path, stored
from tests.factories import NOW, UserFactory

pytestmark = pytest.mark.django_db

UNKNOWN = "0190b1de-0000-7000-8000-000000000000"


@pytest.mark.parametrize("query", ["?format=pdf", ""])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_download_leads_to_the_file(query: str, slash: str, api: APIClient, client: Client, file: ReportFile) -> None:
    response = api.get(download_path(file.report).rstrip("/") + slash + query)

    assert (response.status_code, response.content) == (302, b"")
    assert content(client.get(response["Location"])) == PDF


def test_the_way_is_neither_kept_nor_passed_on(api: APIClient, file: ReportFile) -> None:
    response = api.get(download_path(file.report))

    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"


def test_attack_117_every_download_is_written_down_with_person_format_and_connection(
    api: APIClient, reader: Any, file: ReportFile
) -> None:
    api.get(download_path(file.report), REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.1")

    event = AuditEvent.objects.get(verb="report.downloaded")
    assert (event.actor, event.object_id, event.account_id) == (
        reader, str(file.report_id), str(file.report.account_id)
    )  # fmt: skip
    assert event.data == {"format": "pdf", "client_ip": "192.0.2.7"}
    assert event.schedule_id == file.report.schedule_id


def test_a_connection_without_an_address_is_written_down_without_one(api: APIClient, file: ReportFile) -> None:
    api.get(download_path(file.report), REMOTE_ADDR="")

    assert AuditEvent.objects.get(verb="report.downloaded").data == {"format": "pdf"}


def test_a_format_has_to_be_named_where_there_are_several(
    api: APIClient, file: ReportFile, report_storage: InMemoryStorage, client: Client
) -> None:
    stored(file.report, report_storage, "csv")

    assert api.get(download_path(file.report)).status_code == 404
    response = client.get(api.get(download_path(file.report), {"format": "csv"})["Location"])
    assert response["Content-Type"] == "application/csv"


@pytest.mark.parametrize("query", ["?format=csv", "?format=", "?format=PDF", "?format=../pdf"])
def test_a_format_that_the_report_does_not_have_is_not_found(query: str, api: APIClient, file: ReportFile) -> None:
    missing = api.get(f"/api/v1/reports/{UNKNOWN}/download/")

    response = api.get(download_path(file.report) + query)

    assert (response.status_code, response.content) == (404, missing.content)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("query", ["?fromat=pdf", "?format=pdf&format=csv", "?format=pdf&x=1"])
def test_an_unknown_or_repeated_parameter_is_refused(query: str, api: APIClient, file: ReportFile) -> None:
    assert api.get(download_path(file.report) + query).status_code == 400


@pytest.mark.parametrize("status", [status for status in ReportStatus if status != ReportStatus.SUCCEEDED])
def test_a_report_that_has_not_succeeded_has_no_download(
    status: ReportStatus, api: APIClient, file: ReportFile
) -> None:
    wake_at = NOW if status in {"pending", "queued", "running"} else None
    GeneratedReport.objects.update(status=status, wake_at=wake_at)

    response = api.get(download_path(file.report))

    assert (response.status_code, response.json()["code"]) == (409, "wrong_state")


def test_a_file_that_the_storage_lost_is_named(
    api: APIClient, file: ReportFile, report_storage: InMemoryStorage
) -> None:
    report_storage.delete(file.key)

    response = api.get(download_path(file.report))

    assert (response.status_code, response.json()["code"]) == (409, "file_missing")
    assert not AuditEvent.objects.exists()


def test_attack_080_a_key_that_leads_elsewhere_is_a_file_that_is_missing(api: APIClient, file: ReportFile) -> None:
    ReportFile.objects.update(key="../../x")

    assert api.get(download_path(file.report)).json()["code"] == "file_missing"


def test_a_storage_that_does_not_answer_is_a_503_that_tells_nothing(
    api: APIClient, file: ReportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: InMemoryStorage, name: str) -> bool:
        raise ConnectionError(f"10.0.0.5 refused {name}")

    monkeypatch.setattr(InMemoryStorage, "exists", fail)

    response = api.get(download_path(file.report))

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json() == {
        "detail": "The storage of the report files does not answer; try again in a moment.",
        "code": "storage_unavailable",
    }
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("caller", ["nobody", "a stranger", "no requester"])
def test_who_may_not_see_the_report_gets_no_download(caller: str, api: APIClient, file: ReportFile) -> None:
    if caller == "no requester":
        GeneratedReport.objects.update(trigger=Trigger.PREVIEW, requested_by=UserFactory())
    asking = {"nobody": APIClient(), "a stranger": calling(UserFactory()), "no requester": api}[caller]

    assert asking.get(download_path(file.report)).status_code == (401 if caller == "nobody" else 404)
    assert not AuditEvent.objects.exists()


@pytest.mark.urls("tests.api.downloads.nested_urls")
@pytest.mark.parametrize("mounted", ["first/reporting", "second"])
def test_a_download_stays_where_the_host_has_mounted_the_api(mounted: str, api: APIClient, file: ReportFile) -> None:
    response = api.get(f"/{mounted}/reports/{file.report_id}/download/")

    assert response["Location"].startswith(f"/{mounted}/files/")
    assert api.get(response["Location"]).status_code == 200
