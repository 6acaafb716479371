"""A preview is a run like any other that only its requester gets, and that says nothing about the schedule."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pypdf
import pytest
from django.core.files.storage import InMemoryStorage

from django_report_scheduling.access.roles import grant
from django_report_scheduling.access.visibility import visible_reports
from django_report_scheduling.choices import ErrorCode, ReportStatus, Role, Trigger
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services import generation
from django_report_scheduling.services.attempts import AttemptFailed
from django_report_scheduling.services.queueing import queue_report
from django_report_scheduling.services.report_requests import run_now
from tests.extras_at_hand import XLSX
from tests.factories import NOW, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

FORMATS = ["pdf", "html", *(["xlsx"] if XLSX else []), "csv", "json"]


@pytest.fixture
def schedule() -> ReportSchedule:
    return ReportScheduleFactory(formats=FORMATS, consecutive_failures=2)


@pytest.fixture
def requester(schedule: ReportSchedule) -> Any:
    user = UserFactory()
    grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


def make(schedule: ReportSchedule, requester: Any, trigger: Trigger = Trigger.PREVIEW) -> GeneratedReport:
    report = run_now(schedule=schedule, actor=requester, now=NOW, trigger=trigger)
    while queue_report(report_id=report.pk, now=NOW + dt.timedelta(days=1)):
        report.refresh_from_db()
        generation.generate_report(report_id=report.pk, attempt=report.attempt, clock=lambda: NOW)
        report.refresh_from_db()
    return report


def pdf(data: bytes) -> bool:
    return all("Preview" in page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def html(data: bytes) -> bool:
    return "Not sent to any recipient." in data.decode()


def xlsx(data: bytes) -> bool:
    summary = openpyxl.load_workbook(io.BytesIO(data))["Summary"]
    return ("Preview", "Not sent to any recipient.") in [row[:2] for row in summary.iter_rows(values_only=True)]


def comma_separated(data: bytes) -> bool:
    return ["preview", "true"] in list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def json_object(data: bytes) -> bool:
    return json.loads(data)["preview"] is True


MARKED: dict[str, Callable[[bytes], bool]] = {
    "pdf": pdf,
    "html": html,
    "xlsx": xlsx,
    "csv": comma_separated,
    "json": json_object,
}


@pytest.mark.parametrize(("trigger", "marked"), [(Trigger.PREVIEW, True), (Trigger.MANUAL, False)])
def test_every_file_of_a_preview_is_marked_and_none_of_a_run(
    schedule: ReportSchedule, requester: Any, report_storage: InMemoryStorage, trigger: Trigger, marked: bool
) -> None:
    report = make(schedule, requester, trigger)

    assert report.status == ReportStatus.SUCCEEDED
    contents = {file.format: report_storage.open(file.key).read() for file in report.files.all()}
    assert {name: MARKED[name](content) for name, content in contents.items()} == dict.fromkeys(FORMATS, marked)


def test_it_goes_the_way_of_every_run(
    schedule: ReportSchedule, requester: Any, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    build = generation.build_document
    monkeypatch.setattr(generation, "build_document", lambda report, **now: made.append(report) or build(report, **now))

    preview, run = make(schedule, requester), make(schedule, requester, Trigger.MANUAL)

    assert made == [preview, run]
    assert (preview.period, preview.parameters, preview.formats) == (run.period, run.parameters, run.formats)


def test_it_is_sent_to_its_requester_and_to_no_recipient(
    schedule: ReportSchedule, requester: Any, report_storage: InMemoryStorage
) -> None:
    make(schedule, requester)

    assert list(Delivery.objects.values_list("target", flat=True)) == [requester.email]


@pytest.mark.parametrize("fails", [False, True])
def test_it_leaves_clock_and_failure_count_of_the_schedule_alone(
    schedule: ReportSchedule,
    requester: Any,
    report_storage: InMemoryStorage,
    fails: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: Any, **_named: Any) -> None:
        raise AttemptFailed(ErrorCode.INVALID_PARAMETERS, "m", permanent=True)

    if fails:
        monkeypatch.setattr(generation, "build_document", fail)
    before = ReportSchedule.objects.values().get()

    report = make(schedule, requester)

    assert report.status == (ReportStatus.FAILED if fails else ReportStatus.SUCCEEDED)
    assert ReportSchedule.objects.values().get() == before
    assert not Delivery.objects.exclude(target=requester.email).exists()


def test_it_is_seen_by_its_requester_alone(schedule: ReportSchedule, requester: Any) -> None:
    report = run_now(schedule=schedule, actor=requester, now=NOW, trigger=Trigger.PREVIEW)
    colleague, root = UserFactory(), UserFactory(is_superuser=True)
    grant(account=schedule.account, holder=colleague, role=Role.ACCOUNT_MANAGER)

    seen = {user: list(visible_reports(user)) for user in (requester, colleague, root)}

    assert seen == {requester: [report], colleague: [], root: []}
