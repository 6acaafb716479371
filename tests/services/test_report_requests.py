"""Reports that somebody asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, Event, ReportStatus, Trigger
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportFile
from django_report_scheduling.services.cancellation import cancel_report
from django_report_scheduling.services.delivery_queueing import queue_deliveries_of
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.report_requests import backfill, redeliver, retry_report, run_now
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = pytest.mark.django_db

WEDNESDAY = NOW + dt.timedelta(days=2)


def test_running_by_hand_reports_on_the_newest_complete_period() -> None:
    report = run_now(schedule=ReportScheduleFactory(), actor=None, now=WEDNESDAY)

    assert (report.trigger, report.slot, report.status) == (Trigger.MANUAL, WEDNESDAY, ReportStatus.PENDING)
    assert (report.period.first_day, report.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))


def test_running_by_hand_does_not_touch_the_schedule() -> None:
    schedule = ReportScheduleFactory()

    run_now(schedule=schedule, actor=None, now=WEDNESDAY)

    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW


def test_a_schedule_that_has_just_been_set_up_can_be_run_for_the_period_before_it() -> None:
    schedule = ReportScheduleFactory(starts_at=WEDNESDAY, next_run_at=NOW + dt.timedelta(days=7))

    report = run_now(schedule=schedule, actor=None, now=WEDNESDAY)

    assert report.period.first_day == dt.date(2026, 2, 23)


def test_each_request_is_a_report_of_its_own() -> None:
    schedule = ReportScheduleFactory()

    first = run_now(schedule=schedule, actor=None, now=WEDNESDAY)
    second = run_now(schedule=schedule, actor=None, now=WEDNESDAY + dt.timedelta(seconds=1))

    assert first.pk != second.pk
    assert (first.period_start, first.period_end) == (second.period_start, second.period_end)


def test_a_backfill_is_the_report_of_a_slot_of_the_past() -> None:
    slot = NOW - dt.timedelta(days=70)

    report = backfill(schedule=ReportScheduleFactory(), slot=slot, actor=None, now=WEDNESDAY)

    assert (report.trigger, report.slot) == (Trigger.BACKFILL, slot)
    assert report.period.last_day == dt.date(2025, 12, 21)


def test_asking_for_the_same_backfill_again_gives_the_same_report() -> None:
    schedule = ReportScheduleFactory()
    actor = UserFactory(is_superuser=True)

    reports = {backfill(schedule=schedule, slot=NOW, actor=actor, now=WEDNESDAY).pk for _ in range(2)}

    assert len(reports) == 1


def test_requests_at_the_same_instant_are_reports_of_their_own() -> None:
    schedule = ReportScheduleFactory()

    reports = [run_now(schedule=schedule, actor=None, now=WEDNESDAY) for _ in range(3)]

    assert [report.slot - WEDNESDAY for report in reports] == [dt.timedelta(microseconds=n) for n in range(3)]
    assert len({(report.period_start, report.period_end, report.wake_at) for report in reports}) == 1
    assert AuditEvent.objects.filter(verb="report.requested.manual").count() == 3


def test_a_flood_of_requests_at_the_same_instant_is_refused() -> None:
    schedule = ReportScheduleFactory()
    for _ in range(20):
        run_now(schedule=schedule, actor=None, now=WEDNESDAY)

    with pytest.raises(WrongState, match="too often"):
        run_now(schedule=schedule, actor=None, now=WEDNESDAY)


@pytest.mark.parametrize("ask", [run_now, partial(run_now, trigger=Trigger.PREVIEW), partial(backfill, slot=NOW)])
def test_nothing_is_made_for_an_inactive_account(ask: Callable[..., GeneratedReport]) -> None:
    schedule = ReportScheduleFactory(account__active=False, account__name="Acme")

    with pytest.raises(WrongState, match="“Acme” is inactive"):
        ask(schedule=schedule, actor=None, now=WEDNESDAY)
    assert not GeneratedReport.objects.exists()


@pytest.mark.parametrize("status", ["failed", "missed", "skipped", "cancelled"])
def test_a_retry_opens_the_same_row_with_a_clean_count(status: str) -> None:
    report = GeneratedReportFactory(
        status=status, wake_at=None, finished_at=NOW, attempt=4, failures=4, error_code=ErrorCode.QUERY_FAILED
    )

    retried = retry_report(report_id=report.pk, actor=None, now=WEDNESDAY)

    assert (retried.pk, retried.status, retried.wake_at) == (report.pk, ReportStatus.PENDING, WEDNESDAY)
    assert (retried.failures, retried.error_code, retried.finished_at) == (0, "", None)
    assert retried.attempt == 4
    assert (retried.period_start, retried.slot) == (report.period_start, report.slot)


@pytest.mark.parametrize("trait", ["queued", "running", "succeeded"])
def test_a_report_under_way_or_done_cannot_be_retried(trait: str) -> None:
    with pytest.raises(WrongState):
        retry_report(report_id=GeneratedReportFactory(**{trait: True}).pk, actor=None, now=WEDNESDAY)


def test_a_report_of_an_inactive_account_is_not_retried() -> None:
    report = GeneratedReportFactory(status=ReportStatus.SKIPPED, wake_at=None, schedule__account__active=False)

    with pytest.raises(WrongState, match="is inactive"):
        retry_report(report_id=report.pk, actor=None, now=WEDNESDAY)
    report.refresh_from_db()
    assert report.status == ReportStatus.SKIPPED


class TestRetryOfWhatSucceeded:
    """It is possible once a stored file is gone."""

    @pytest.fixture
    def report(self, report_storage: InMemoryStorage) -> GeneratedReport:
        report = GeneratedReportFactory(succeeded=True)
        for extension in ("json", "csv"):
            key = report_storage.save(f"reports/{report.pk}/1.{extension}", ContentFile(b"x"))
            ReportFile.objects.create(
                report=report, format=extension, key=key, name="n", content_type="a/b", size=1, sha256="0"
            )
        return report

    def test_is_refused_while_its_files_are_there(self, report: GeneratedReport) -> None:
        with pytest.raises(WrongState, match="stored files are gone"):
            retry_report(report_id=report.pk, actor=None, now=WEDNESDAY)

    def test_makes_the_report_anew_when_one_is_gone(
        self, report: GeneratedReport, report_storage: InMemoryStorage
    ) -> None:
        report_storage.delete(f"reports/{report.pk}/1.csv")

        retried = retry_report(report_id=report.pk, actor=None, now=WEDNESDAY)

        assert (retried.pk, retried.status, retried.wake_at) == (report.pk, ReportStatus.PENDING, WEDNESDAY)

    @pytest.mark.django_db(transaction=True)
    def test_asks_the_storage_outside_of_a_transaction(
        self, report: GeneratedReport, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        open_transactions: list[bool] = []

        def exists(name: str) -> bool:
            open_transactions.append(connection.in_atomic_block)
            return False

        monkeypatch.setattr(report_storage, "exists", exists)

        retry_report(report_id=report.pk, actor=None, now=WEDNESDAY)

        assert open_transactions == [False]


def test_redelivering_says_of_each_delivery_that_it_was_opened_again() -> None:
    actor = UserFactory(is_superuser=True)
    report = GeneratedReportFactory(succeeded=True)
    reopened = [
        DeliveryFactory(report=report, target=f"{name}@customer.example", status="failed", wake_at=None)
        for name in "ab"
    ]
    DeliveryFactory(report=report, status="sent", sent_at=NOW, wake_at=None)

    redeliver(report_id=report.pk, actor=actor, now=WEDNESDAY)

    events = AuditEvent.objects.filter(verb="delivery.reopened", actor=actor, schedule_id=report.schedule_id)
    assert sorted(events.values_list("object_id", flat=True)) == sorted(str(delivery.pk) for delivery in reopened)


def test_redelivering_a_report_does_not_tell_again_that_its_schedule_stopped() -> None:
    report = GeneratedReportFactory(succeeded=True)
    delivery = DeliveryFactory(report=report, event=Event.SCHEDULE_ERRORED, status="failed", wake_at=None)

    assert redeliver(report_id=report.pk, actor=None, now=WEDNESDAY) == 0

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.FAILED


def test_redelivering_reaches_only_those_who_got_nothing() -> None:
    report = GeneratedReportFactory(succeeded=True)
    for status in ("failed", "unknown", "suppressed"):
        DeliveryFactory(report=report, target=f"{status}@customer.example", status=status, wake_at=None)
    sent = DeliveryFactory(report=report, status="sent", sent_at=NOW, wake_at=None)

    assert redeliver(report_id=report.pk, actor=None, now=WEDNESDAY) == 3

    sent.refresh_from_db()
    assert sent.status == DeliveryStatus.SENT
    assert Delivery.objects.filter(status=DeliveryStatus.PENDING, wake_at=WEDNESDAY).count() == 3


def test_a_report_without_files_cannot_be_redelivered() -> None:
    with pytest.raises(WrongState):
        redeliver(report_id=GeneratedReportFactory().pk, actor=None, now=WEDNESDAY)


@pytest.mark.parametrize("trait", [{}, {"queued": True}, {"running": True}])
def test_a_report_that_has_not_finished_can_be_cancelled(trait: dict[str, bool]) -> None:
    report = GeneratedReportFactory(**trait)

    cancel_report(report_id=report.pk, actor=None, now=WEDNESDAY)

    report.refresh_from_db()
    assert (report.status, report.wake_at, report.status_reason) == ("cancelled", None, "cancelled_by_hand")
    assert report.expires_at == WEDNESDAY + dt.timedelta(days=90)


def test_a_finished_report_cannot_be_cancelled() -> None:
    report = GeneratedReportFactory(succeeded=True)

    with pytest.raises(WrongState):
        cancel_report(report_id=report.pk, actor=None, now=WEDNESDAY)
    assert GeneratedReport.objects.get().status == ReportStatus.SUCCEEDED


def test_what_is_redelivered_is_handed_out_like_what_never_was() -> None:
    report = GeneratedReportFactory(succeeded=True)
    delivery = DeliveryFactory(report=report, status="failed", attempt=1, wake_at=None, queued_at=NOW)

    redeliver(report_id=report.pk, actor=None, now=WEDNESDAY)

    assert queue_deliveries_of(report_id=report.pk, now=WEDNESDAY) == [Message(str(delivery.pk), 1, WEDNESDAY)]
