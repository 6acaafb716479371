"""A file counts as stored only when all of it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from pytest_django import Settings

from django_report_scheduling.choices import ErrorCode, ReportStatus
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.services.generation import generate_report
from tests.factories import GeneratedReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


class TruncatingStorage(InMemoryStorage):
    """Loses the end of a file, and says that all is well."""

    def _save(self, name: str, content: Any) -> str:
        return super()._save(name, ContentFile(content.read()[:-1]))


class UnmeasuredStorage(InMemoryStorage):
    def size(self, name: str) -> int:
        raise NotImplementedError


@pytest.fixture
def generate_into(settings: Settings, clock: Callable[[], dt.datetime]) -> Callable[[InMemoryStorage], GeneratedReport]:
    def generate(storage: InMemoryStorage) -> GeneratedReport:
        settings.STORAGES = {**settings.STORAGES}
        storages._storages["default"] = storage
        report = GeneratedReportFactory(queued=True)
        generate_report(report_id=report.pk, attempt=report.attempt, clock=clock)
        report.refresh_from_db()
        return report

    return generate


def test_attack_083_a_file_that_lost_its_end_is_tried_again_and_does_not_stay(
    generate_into: Callable[[InMemoryStorage], GeneratedReport],
) -> None:
    storage = TruncatingStorage()

    report = generate_into(storage)

    assert (report.status, report.error_code) == (ReportStatus.PENDING, ErrorCode.STORAGE_FAILED)
    assert not ReportFile.objects.exists()
    assert not storage.exists(f"reports/{report.account_id}/{report.pk}/1.json")


def test_a_storage_that_cannot_measure_is_believed(
    generate_into: Callable[[InMemoryStorage], GeneratedReport],
) -> None:
    assert generate_into(UnmeasuredStorage()).status == ReportStatus.SUCCEEDED
