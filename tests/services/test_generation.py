"""One report from claim to finish, and what is left when a step goes wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import InMemoryStorage
from django.db import OperationalError
from pytest_django import Settings

from django_report_scheduling.choices import ErrorCode, ReportStatus, Trigger
from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.rendering import Document, Renderer
from django_report_scheduling.reports import Report, ReportContent, ReportRequest, registry
from django_report_scheduling.services import generation, reconnection
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.services.report_claims import finish_report
from tests.factories import NOW, GeneratedReportFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

Clock = Callable[[], dt.datetime]


class BrokenReport(Report[Any]):
    key = "broken"
    title = "Broken"

    def query(self, request: ReportRequest[Any]) -> ReportContent:
        raise RuntimeError("row of customer 4711")


class NosyReport(Report[Any]):
    key = "nosy"
    title = "Nosy"
    seen: list[ReportRequest[Any]] = []  # noqa: RUF012  # what the query was asked, for the test to read

    def query(self, request: ReportRequest[Any]) -> ReportContent:
        self.seen.append(request)
        return ReportContent(metrics={})


@pytest.fixture(autouse=True)
def further_reports() -> Iterator[None]:
    NosyReport.seen.clear()
    with registry.temporarily(BrokenReport, NosyReport):
        yield


def generate(report: GeneratedReport, clock: Clock) -> ReportStatus | None:
    status = generate_report(report_id=report.pk, attempt=report.attempt, clock=clock)
    report.refresh_from_db()
    return status


def test_every_format_is_stored_from_the_same_snapshot(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(queued=True, schedule__formats=["json", "csv"])

    assert generate(report, clock) == ReportStatus.SUCCEEDED

    assert sorted(report.files.values_list("format", flat=True)) == ["csv", "json"]
    with report_storage.open(report.files.get(format="json").key) as stored:
        assert json.load(stored)["metrics"] == {"rows": 2}


def test_the_row_tells_size_and_checksum_of_what_is_stored(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(queued=True)

    generate(report, clock)

    file = report.files.get()
    with report_storage.open(file.key) as stored:
        content = stored.read()
    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert report.file_size_bytes == len(content)


def test_attack_077_a_key_is_made_of_ids_and_the_attempt_alone(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(queued=True, attempt=2, account__slug="slug", account__name="../../etc")

    generate(report, clock)

    assert report.files.get().key == f"reports/{report.account_id}/{report.pk}/3.json"


def test_the_file_name_for_people_says_whose_report_it_is_and_when_it_begins(
    clock: Clock, report_storage: InMemoryStorage
) -> None:
    report = GeneratedReportFactory(queued=True, schedule__account__slug="acme")

    generate(report, clock)

    assert report.files.get().name == "acme-sample-2026-02-23.json"


def test_everybody_on_the_schedule_gets_a_delivery(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(queued=True, schedule__recipients=["a@customer.example", "b@customer.example"])

    generate(report, clock)

    assert sorted(report.deliveries.values_list("target", flat=True)) == ["a@customer.example", "b@customer.example"]


def test_a_preview_reaches_only_the_one_who_asked_for_it_and_says_that_it_is_one(
    clock: Clock, report_storage: InMemoryStorage
) -> None:
    requester = UserFactory()
    report = GeneratedReportFactory(queued=True, trigger=Trigger.PREVIEW, requested_by=requester)

    generate(report, clock)

    assert list(report.deliveries.values_list("target", flat=True)) == [requester.email]
    with report_storage.open(report.files.get().key) as stored:
        assert json.load(stored)["preview"] is True


def test_a_report_of_a_deleted_schedule_is_made_but_goes_to_nobody(
    clock: Clock, report_storage: InMemoryStorage
) -> None:
    report = GeneratedReportFactory(queued=True)
    report.schedule.delete()

    assert generate(report, clock) == ReportStatus.SUCCEEDED
    assert not report.deliveries.exists()


def test_the_query_sees_the_frozen_period_and_the_one_before_it(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(queued=True, report_type="nosy")

    generate(report, clock)

    (request,) = NosyReport.seen
    assert (request.period.first_day, request.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))
    assert (request.previous_period.first_day, request.previous_period.last_day) == (
        dt.date(2026, 2, 16),
        dt.date(2026, 2, 22),
    )
    assert request.generated_at == NOW
    assert request.account.slug == report.account.slug


def test_a_stale_message_does_nothing(clock: Clock) -> None:
    report = GeneratedReportFactory(queued=True, attempt=1)

    assert generate_report(report_id=report.pk, attempt=0, clock=clock) is None
    report.refresh_from_db()
    assert report.status == ReportStatus.QUEUED


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"report_type": "gone"}, ErrorCode.UNKNOWN_REPORT_TYPE, ReportStatus.FAILED),
        ({"parameters": {"rows": "many"}}, ErrorCode.INVALID_PARAMETERS, ReportStatus.FAILED),
        ({"formats": ["docx"]}, ErrorCode.UNKNOWN_FORMAT, ReportStatus.FAILED),
        ({"report_type": "broken"}, ErrorCode.QUERY_FAILED, ReportStatus.PENDING),
    ],
)
def test_each_error_has_its_code_and_is_retried_only_where_that_can_help(
    clock: Clock, report_storage: InMemoryStorage, changes: dict[str, Any], code: ErrorCode, status: ReportStatus
) -> None:
    report = GeneratedReportFactory(queued=True, **changes)

    assert generate(report, clock) == status
    assert (report.status, report.error_code) == (status, code)


def test_attack_118_the_error_on_the_row_holds_no_data_of_the_query(clock: Clock) -> None:
    report = GeneratedReportFactory(queued=True, report_type="broken")

    generate(report, clock)

    assert "RuntimeError" in report.error_message
    assert "4711" not in report.error_message


def test_when_one_format_fails_the_files_of_the_others_are_discarded(
    clock: Clock, report_storage: InMemoryStorage
) -> None:
    report = GeneratedReportFactory(queued=True, formats=["json", "docx"])

    generate(report, clock)

    assert not report.files.exists()
    assert not report_storage.exists(f"reports/{report.account_id}/{report.pk}/1.json")


def test_a_worker_that_lost_its_report_discards_its_files(clock: Clock, report_storage: InMemoryStorage) -> None:
    class Usurped(Report[Any]):
        key = "usurped"
        title = "Usurped"

        def query(self, request: ReportRequest[Any]) -> ReportContent:
            GeneratedReport.objects.update(attempt=7)
            return ReportContent(metrics={})

    report = GeneratedReportFactory(queued=True, report_type="usurped")
    with registry.temporarily(Usurped):
        assert generate(report, clock) is None

    assert report.status == ReportStatus.RUNNING
    assert not report_storage.exists(f"reports/{report.account_id}/{report.pk}/1.json")


def test_a_storage_that_refuses_fails_the_attempt_with_its_code(clock: Clock, settings: Settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "tests.refusing_storage.RefusingStorage"}}
    report = GeneratedReportFactory(queued=True)

    assert generate(report, clock) == ReportStatus.PENDING
    assert report.error_code == ErrorCode.STORAGE_FAILED
    assert "'default' failed with PermissionError" in report.error_message
    assert "doctor" in report.error_message


def test_the_soft_time_limit_counts_as_out_of_time_whatever_it_interrupts(clock: Clock) -> None:
    class Slow(Report[Any]):
        key = "slow"
        title = "Slow"

        def query(self, request: ReportRequest[Any]) -> ReportContent:
            msg = "cursor interrupted"
            raise RuntimeError(msg) from SoftTimeLimitExceeded()

    report = GeneratedReportFactory(queued=True, report_type="slow")
    with registry.temporarily(Slow):
        generate(report, clock)

    assert (report.status, report.error_code) == (ReportStatus.PENDING, ErrorCode.TIMED_OUT)
    assert "300 seconds" in report.error_message


def test_an_error_outside_of_every_step_is_retried_like_any_other(
    clock: Clock, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "_files", lambda *_arguments: (_ for _ in ()).throw(RuntimeError("no threads")))
    report = GeneratedReportFactory(queued=True)

    generate(report, clock)

    assert (report.status, report.failures, report.error_code) == (ReportStatus.PENDING, 1, ErrorCode.INTERNAL)


def test_a_commit_whose_answer_is_lost_keeps_the_files_of_the_finished_report(
    clock: Clock, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish_and_lose_the_answer(*arguments: Any, **named: Any) -> bool:
        finish_report(*arguments, **named)
        msg = "server closed the connection unexpectedly"
        raise OperationalError(msg)

    monkeypatch.setattr(generation, "finish_report", finish_and_lose_the_answer)
    report = GeneratedReportFactory(queued=True)

    assert generate(report, clock) is None
    assert report.status == ReportStatus.SUCCEEDED
    assert report_storage.exists(report.files.get().key)


class Flaky:
    """Loses the connection at the first calls, or the answers to them."""

    def __init__(self, work: Callable[..., Any], *, times: int, answer_only: bool = False) -> None:
        self.work, self.left, self.answer_only = work, times, answer_only

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left >= 0 and not self.answer_only:
            raise OperationalError
        result = self.work(*arguments, **named)
        if self.left >= 0:
            raise OperationalError
        return result


@pytest.mark.django_db(transaction=True)
class TestBrokenConnection:
    """The database goes away for a moment; outside of a test, each try has a connection of its own."""

    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reconnection, "WAITS", (0, 0))

    @pytest.mark.parametrize("answer_only", [False, True])
    @pytest.mark.parametrize("times", [1, 2])
    def test_a_finish_is_tried_again_and_the_work_not_thrown_away(
        self, clock: Clock, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch, answer_only: bool,
        times: int,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(generation, "finish_report", Flaky(finish_report, times=times, answer_only=answer_only))
        report = GeneratedReportFactory(queued=True)

        assert generate(report, clock) == ReportStatus.SUCCEEDED
        assert (report.attempt, report.failures) == (1, 0)
        assert report_storage.exists(report.files.get().key)

    def test_a_failure_is_recorded_when_the_database_is_back(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(generation, "fail_attempt", Flaky(generation.fail_attempt, times=2))
        report = GeneratedReportFactory(queued=True, report_type="broken")

        assert generate(report, clock) == ReportStatus.PENDING
        assert (report.failures, report.error_code) == (1, ErrorCode.QUERY_FAILED)

    def test_when_it_stays_away_the_lease_ends_the_attempt(
        self, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(generation, "fail_attempt", Flaky(generation.fail_attempt, times=9))
        report = GeneratedReportFactory(queued=True, report_type="broken")

        assert generate(report, clock) is None
        assert report.status == ReportStatus.RUNNING
        assert "its lease will run out" in caplog.text


def test_a_file_that_was_stored_although_the_storage_said_no_is_discarded(
    clock: Clock, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = report_storage.save

    def save_and_lose_the_answer(name: str, content: Any) -> str:
        save(name, content)
        raise ConnectionResetError

    monkeypatch.setattr(report_storage, "save", save_and_lose_the_answer)
    report = GeneratedReportFactory(queued=True)

    assert generate(report, clock) == ReportStatus.PENDING
    assert report.error_code == ErrorCode.STORAGE_FAILED
    assert not report_storage.exists(f"reports/{report.account_id}/{report.pk}/1.json")


def test_two_formats_with_one_extension_are_two_files(
    clock: Clock, report_storage: InMemoryStorage, settings: Settings
) -> None:
    backend = "django_report_scheduling.rendering.json.JsonRenderer"
    settings.REPORT_SCHEDULING = {"RENDERERS": {"json": {"BACKEND": backend}, "raw": {"BACKEND": backend}}}
    report = GeneratedReportFactory(queued=True, formats=["json", "raw"])

    generate(report, clock)

    assert sorted(file.key.rpartition("/")[2] for file in report.files.all()) == ["1-raw.json", "1.json"]
    assert len(set(report.files.values_list("name", flat=True))) == 2


class FailingRenderer(Renderer):
    extension = "txt"
    content_type = "text/plain"
    error: Exception = RenderError("Three hundred columns do not fit.")

    def render(self, document: Document, output: BinaryIO) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RenderError("Three hundred columns do not fit."), "Three hundred columns do not fit."),
        (ValueError("row of customer 4711"), "Rendering as txt failed with ValueError. The log of the worker"),
    ],
)
def test_a_renderer_s_own_explanation_is_told_and_a_foreign_error_only_by_its_kind(
    clock: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    settings.REPORT_SCHEDULING = {"RENDERERS": {"txt": {"BACKEND": f"{__name__}.FailingRenderer"}}}
    monkeypatch.setattr(FailingRenderer, "error", error)
    report = GeneratedReportFactory(queued=True, formats=["txt"])

    generate(report, clock)

    assert report.error_code == ErrorCode.RENDER_FAILED
    assert told in report.error_message
    assert "4711" not in report.error_message


def test_files_that_cannot_be_discarded_do_not_hide_the_error(
    clock: Clock, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "tests.refusing_storage.UndeletingStorage"}}
    report = GeneratedReportFactory(queued=True, formats=["json", "docx"])

    generate(report, clock)

    assert report.error_code == ErrorCode.UNKNOWN_FORMAT
    assert "could not be deleted" in caplog.text
