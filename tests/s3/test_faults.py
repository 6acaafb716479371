"""When S3 is busy or an upload breaks off: the report is tried again, and no file counts that is not whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from typing import BinaryIO

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from django.core.files.storage import Storage
from pytest_django import Settings
from storages.backends.s3 import S3Storage

from django_report_scheduling.choices import ErrorCode, ReportStatus
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from django_report_scheduling.rendering import Document, Renderer
from django_report_scheduling.services.generation import generate_report
from tests.factories import NOW, GeneratedReportFactory
from tests.s3.conftest import MakeStorage
from tests.s3.faulty_line import SECRET, FaultyLine
from tests.s3.server import S3Server

pytestmark = [pytest.mark.s3, pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

SIZE = 12 * 1024 * 1024
"""More than one part of a multipart upload, of 5 MiB each."""
IMPATIENT = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    retries={"total_max_attempts": 1},
    connect_timeout=2,
    read_timeout=5,
)
"""boto3 tries again by itself, and so hides the faults that are looked at here."""


class BulkyRenderer(Renderer):
    extension = "bin"
    content_type = "application/octet-stream"

    def render(self, document: Document, output: BinaryIO) -> None:
        output.write(os.urandom(SIZE))


@pytest.fixture
def disturbed(line: FaultyLine, make_storage: MakeStorage, keep_reports_in: Callable[[Storage], None]) -> S3Storage:
    """The storage of reports, reached over the line, with uploads in parts."""
    parts = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024, use_threads=False)
    storage = make_storage(line.url, client_config=IMPATIENT, transfer_config=parts)
    keep_reports_in(storage)
    return storage


@pytest.fixture
def report(settings: Settings) -> GeneratedReport:
    settings.REPORT_SCHEDULING = {"RENDERERS": {"bulky": {"BACKEND": f"{__name__}.BulkyRenderer"}}}
    return GeneratedReportFactory(queued=True, schedule__formats=["bulky"])


def generate(report: GeneratedReport) -> ReportStatus | None:
    status = generate_report(report_id=report.pk, attempt=report.attempt, clock=lambda: NOW)
    report.refresh_from_db()
    return status


def try_again(report: GeneratedReport) -> ReportStatus | None:
    GeneratedReport.objects.update(status=ReportStatus.QUEUED, wake_at=NOW + dt.timedelta(minutes=10))
    return generate(report)


def keys(storage: S3Storage) -> list[str]:
    return [found.key for found in storage.bucket.objects.all()]


def test_attack_083_a_busy_storage_is_tried_again_and_nothing_counts_as_made(
    disturbed: S3Storage, line: FaultyLine, report: GeneratedReport
) -> None:
    line.busy = True

    assert generate(report) == ReportStatus.PENDING

    assert (report.error_code, report.wake_at) == (ErrorCode.STORAGE_FAILED, NOW + dt.timedelta(seconds=60))
    assert SECRET not in report.error_message
    assert SECRET not in str(list(AuditEvent.objects.values_list("data")))
    assert not ReportFile.objects.exists()


def test_attack_083_an_upload_that_breaks_off_leaves_neither_a_file_nor_a_ready_report(
    disturbed: S3Storage, line: FaultyLine, report: GeneratedReport, s3_server: S3Server
) -> None:
    line.cut_after = 7 * 1024 * 1024

    assert generate(report) == ReportStatus.PENDING

    assert report.error_code == ErrorCode.STORAGE_FAILED
    assert not ReportFile.objects.exists()
    line.cut_after = None
    assert keys(disturbed) == []


def test_attack_083_the_next_attempt_stores_every_byte(
    disturbed: S3Storage, line: FaultyLine, report: GeneratedReport
) -> None:
    line.cut_after = 7 * 1024 * 1024
    generate(report)
    line.cut_after = None

    assert try_again(report) == ReportStatus.SUCCEEDED

    file = report.files.get()
    with disturbed.open(file.key) as stored:
        content = stored.read()
    assert keys(disturbed) == [file.key]
    assert (len(content), hashlib.sha256(content).hexdigest()) == (SIZE, file.sha256)
