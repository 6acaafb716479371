"""A report with a stored file, and somebody who may read it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from rest_framework.test import APIClient

from django_report_scheduling.models import GeneratedReport, ReportFile
from tests.api.callers import calling, client_of
from tests.factories import GeneratedReportFactory

PDF = b"%PDF-1.7 the report"


@pytest.fixture
def report() -> GeneratedReport:
    return GeneratedReportFactory(succeeded=True)


@pytest.fixture
def file(report: GeneratedReport, report_storage: InMemoryStorage) -> ReportFile:
    return stored(report, report_storage, "pdf")


def stored(report: GeneratedReport, storage: InMemoryStorage, format_name: str) -> ReportFile:
    key = f"reports/{report.account_id}/{report.pk}/1.{format_name}"
    return ReportFile.objects.create(
        report=report, format=format_name, key=storage.save(key, ContentFile(PDF)), name=f"acme.{format_name}",
        content_type=f"application/{format_name}", size=len(PDF), sha256=hashlib.sha256(PDF).hexdigest(),
    )  # fmt: skip


@pytest.fixture
def reader(report: GeneratedReport) -> Any:
    return client_of(report.account)


@pytest.fixture
def api(reader: Any) -> APIClient:
    return calling(reader)


@pytest.fixture
def link(api: APIClient, file: ReportFile) -> str:
    """What the download of the file leads to."""
    location: str = api.get(download_path(file.report), {"format": "pdf"})["Location"]
    return location


def download_path(report: GeneratedReport) -> str:
    return f"/api/v1/reports/{report.pk}/download/"


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)
