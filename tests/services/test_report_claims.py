"""A worker's hold on a report: one at a time, and void once another attempt has begun."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.access import roles
from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus, Role, ScheduleState, Trigger
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportFile
from django_report_scheduling.services.report_claims import claim_report, fail_attempt, finish_report, renew_lease
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(seconds=90)


def claimed(**kwargs: object) -> GeneratedReport:
    report = GeneratedReportFactory(queued=True, **kwargs)
    taken = claim_report(report_id=report.pk, attempt=report.attempt, now=NOW)
    assert taken is not None
    return taken


def file_of(report: GeneratedReport) -> ReportFile:
    return ReportFile(
        report=report,
        format="json",
        key=f"reports/{report.pk}/{report.attempt}.json",
        name="report.json",
        content_type="application/json",
        size=10,
        sha256="0" * 64,
    )


class TestClaim:
    def test_a_queued_report_is_taken_and_its_attempt_counted_before_the_work(self) -> None:
        report = claimed()

        assert (report.status, report.attempt, report.started_at) == (ReportStatus.RUNNING, 1, NOW)
        assert report.wake_at == NOW + dt.timedelta(seconds=120)

    def test_the_second_of_two_messages_finds_nothing(self) -> None:
        report = claimed()

        assert claim_report(report_id=report.pk, attempt=0, now=NOW) is None

    def test_a_message_of_an_older_attempt_finds_nothing(self) -> None:
        report = GeneratedReportFactory(queued=True, attempt=1)

        assert claim_report(report_id=report.pk, attempt=0, now=NOW) is None

    @pytest.mark.parametrize("trait", ["running", "succeeded"])
    def test_a_report_that_is_not_queued_cannot_be_taken(self, trait: str) -> None:
        report = GeneratedReportFactory(**{trait: True})

        assert claim_report(report_id=report.pk, attempt=report.attempt, now=NOW) is None

    def test_a_report_that_is_gone_cannot_be_taken(self) -> None:
        report = GeneratedReportFactory(queued=True)
        GeneratedReport.objects.all().delete()

        assert claim_report(report_id=report.pk, attempt=0, now=NOW) is None


class TestLease:
    def test_renewing_moves_the_end_of_the_lease(self) -> None:
        report = claimed()

        assert renew_lease(report, now=LATER)

        report.refresh_from_db()
        assert report.wake_at == LATER + dt.timedelta(seconds=120)

    def test_no_lease_outlives_the_hard_time_limit(self) -> None:
        report = claimed()

        renew_lease(report, now=NOW + dt.timedelta(seconds=300))

        report.refresh_from_db()
        assert report.wake_at == NOW + dt.timedelta(seconds=360)

    def test_renewing_ends_at_the_hard_time_limit(self) -> None:
        assert not renew_lease(claimed(), now=NOW + dt.timedelta(seconds=360))

    def test_a_lost_lease_cannot_be_renewed(self) -> None:
        report = claimed()
        GeneratedReport.objects.update(attempt=2)

        assert not renew_lease(report, now=LATER)


class TestFinish:
    def test_state_files_and_deliveries_appear_together(self) -> None:
        report = claimed()

        assert finish_report(report, files=[file_of(report)], targets=[("email", "a@b.example")], now=LATER)

        report.refresh_from_db()
        assert (report.status, report.wake_at, report.finished_at) == (ReportStatus.SUCCEEDED, None, LATER)
        assert (report.generation_time_ms, report.file_size_bytes) == (90_000, 10)
        assert report.expires_at == LATER + dt.timedelta(days=90)
        assert report.files.count() == 1
        delivery = report.deliveries.get()
        assert (delivery.target, delivery.status, delivery.wake_at) == ("a@b.example", DeliveryStatus.PENDING, LATER)

    def test_a_late_worker_changes_nothing(self) -> None:
        report = claimed()
        GeneratedReport.objects.update(attempt=2)

        assert not finish_report(report, files=[file_of(report)], targets=[("email", "a@b.example")], now=LATER)
        assert not ReportFile.objects.exists()
        assert not Delivery.objects.exists()

    def test_a_late_worker_does_not_touch_the_count_of_the_schedule(self) -> None:
        report = claimed(schedule=ReportScheduleFactory(consecutive_failures=2))
        GeneratedReport.objects.update(attempt=2)

        finish_report(report, files=[], targets=[], now=LATER)

        report.schedule.refresh_from_db()
        assert (report.schedule.consecutive_failures, report.schedule.last_run_at) == (2, None)

    def test_a_cancelled_report_stays_cancelled(self) -> None:
        report = claimed()
        GeneratedReport.objects.update(status=ReportStatus.CANCELLED, wake_at=None)

        assert not finish_report(report, files=[], targets=[], now=LATER)
        report.refresh_from_db()
        assert report.status == ReportStatus.CANCELLED

    def test_a_success_resets_the_failures_of_the_schedule(self) -> None:
        report = claimed(schedule=ReportScheduleFactory(consecutive_failures=2))

        finish_report(report, files=[], targets=[], now=LATER)

        report.schedule.refresh_from_db()
        assert (report.schedule.consecutive_failures, report.schedule.last_run_at) == (0, LATER)

    @pytest.mark.parametrize("trigger", [Trigger.PREVIEW, Trigger.MANUAL, Trigger.BACKFILL])
    def test_only_scheduled_reports_count_for_the_schedule(self, trigger: Trigger) -> None:
        report = claimed(schedule=ReportScheduleFactory(consecutive_failures=2), trigger=trigger)

        finish_report(report, files=[], targets=[], now=LATER)

        report.schedule.refresh_from_db()
        assert report.schedule.consecutive_failures == 2

    def test_a_report_made_again_replaces_its_files_and_keeps_its_deliveries(self) -> None:
        report = claimed()
        finish_report(report, files=[file_of(report)], targets=[("email", "a@b.example")], now=LATER)
        GeneratedReport.objects.update(status=ReportStatus.QUEUED, wake_at=NOW, finished_at=None)
        again = claim_report(report_id=report.pk, attempt=1, now=NOW)
        assert again is not None

        finish_report(again, files=[file_of(again)], targets=[("email", "a@b.example")], now=LATER)

        assert report.files.get().key.endswith("2.json")
        assert report.deliveries.count() == 1


class TestFailure:
    @pytest.mark.parametrize(("failures", "delay"), [(0, 60), (1, 300), (2, 900)])
    def test_a_failed_attempt_waits_for_its_retry_in_the_database(self, failures: int, delay: int) -> None:
        report = claimed(failures=failures)

        status = fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)

        report.refresh_from_db()
        assert status == report.status == ReportStatus.PENDING
        assert (report.failures, report.wake_at) == (failures + 1, NOW + dt.timedelta(seconds=delay))
        assert (report.error_code, report.error_message) == (ErrorCode.QUERY_FAILED, "m")

    def test_a_claim_leaves_and_a_retry_clears_when_its_message_went_out(self) -> None:
        report = claimed(queued_at=NOW)
        assert report.queued_at == NOW

        fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)

        report.refresh_from_db()
        assert report.queued_at is None

    def test_after_the_last_retry_the_report_has_failed(self) -> None:
        report = claimed(failures=3)

        status = fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)

        report.refresh_from_db()
        assert status == report.status == ReportStatus.FAILED
        assert (report.failures, report.wake_at, report.finished_at) == (4, None, NOW)

    def test_what_no_retry_can_mend_fails_at_once(self) -> None:
        report = claimed()

        assert (
            fail_attempt(report, code=ErrorCode.INVALID_PARAMETERS, message="m", permanent=True, now=NOW)
            == ReportStatus.FAILED
        )

    def test_the_failure_of_a_late_worker_changes_nothing(self) -> None:
        report = claimed()
        GeneratedReport.objects.update(attempt=2)

        assert fail_attempt(report, code=ErrorCode.INTERNAL, message="m", permanent=True, now=NOW) is None
        assert GeneratedReport.objects.get().status == ReportStatus.RUNNING

    def test_three_failed_reports_in_a_row_stop_the_schedule(self) -> None:
        schedule = ReportScheduleFactory(consecutive_failures=2)
        report = claimed(schedule=schedule)

        fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)

        schedule.refresh_from_db()
        assert (schedule.state, schedule.consecutive_failures) == (ScheduleState.ERRORED, 3)
        assert "3 reports failed in a row" in schedule.state_reason

    def test_fewer_failures_leave_it_active(self) -> None:
        schedule = ReportScheduleFactory(consecutive_failures=1)
        report = claimed(schedule=schedule)

        fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)

        schedule.refresh_from_db()
        assert (schedule.state, schedule.consecutive_failures) == (ScheduleState.ACTIVE, 2)

    def test_administrators_and_the_owner_are_told_once(self, django_user_model: type) -> None:
        django_user_model.objects.create_superuser("root", "root@people.example", "x")  # type: ignore[attr-defined]
        owner = django_user_model.objects.create_user("owner", "owner@people.example", "x")  # type: ignore[attr-defined]
        schedule = ReportScheduleFactory(consecutive_failures=2, created_by=owner)
        roles.grant(account=schedule.account, holder=owner, role=Role.ACCOUNT_MANAGER)
        first = claimed(schedule=schedule)
        second = claimed(schedule=schedule, slot=NOW + dt.timedelta(days=7))

        for report in (first, second):
            fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)

        notices = Delivery.objects.filter(event="schedule.errored")
        assert sorted(notices.values_list("target", flat=True)) == ["owner@people.example", "root@people.example"]

    def test_a_failed_preview_does_not_count_against_the_schedule(self) -> None:
        schedule = ReportScheduleFactory(consecutive_failures=2)
        report = claimed(schedule=schedule, trigger=Trigger.PREVIEW)

        fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)

        schedule.refresh_from_db()
        assert schedule.consecutive_failures == 2


def test_the_record_tells_the_whole_life_of_a_report() -> None:
    report = claimed()
    fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)

    events = AuditEvent.objects.filter(object_id=str(report.pk)).order_by("id")
    assert list(events.values_list("verb", flat=True)) == ["report.running", "report.retry_planned"]
