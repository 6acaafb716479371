"""What should go out is marked first and published afterwards, within the limits of the broker and of each account."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import AuditEvent, GeneratedReport
from django_report_scheduling.services import queueing
from django_report_scheduling.services.fair_share import Walk
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_reports, queue_due_reports_of, queue_report
from tests.factories import NOW, AccountFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db

TEN_MINUTES = dt.timedelta(minutes=10)


def due(number: int, **fields: object) -> list[GeneratedReport]:
    """Reports of one account that are due at the same moment, in the order in which they go out."""
    schedule = fields.pop("schedule", None) or ReportScheduleFactory()
    slots = [NOW - dt.timedelta(days=day) for day in range(number)]
    return [GeneratedReportFactory(schedule=schedule, slot=slot, **fields) for slot in slots]


def queued() -> int:
    return GeneratedReport.objects.filter(status=ReportStatus.QUEUED).count()


def test_a_pending_report_is_marked_queued_and_named_with_its_attempt_and_time() -> None:
    report = GeneratedReportFactory(attempt=2)

    assert queue_due_reports(now=NOW, limit=10) == [Message(str(report.pk), 2, NOW)]

    report.refresh_from_db()
    assert (report.status, report.wake_at, report.queued_at) == (ReportStatus.QUEUED, NOW + TEN_MINUTES, NOW)
    assert AuditEvent.objects.get().verb == "report.queued"


def test_a_report_is_queued_once() -> None:
    GeneratedReportFactory()
    queue_due_reports(now=NOW, limit=10)

    assert queue_due_reports(now=NOW, limit=10) == []


def test_a_retry_waits_until_its_time_has_come() -> None:
    GeneratedReportFactory(wake_at=NOW + dt.timedelta(seconds=60))

    assert queue_due_reports(now=NOW + dt.timedelta(seconds=59), limit=10) == []
    assert len(queue_due_reports(now=NOW + dt.timedelta(seconds=60), limit=10)) == 1


def test_no_more_reports_are_queued_than_the_broker_may_hold(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_QUEUED": 3}
    GeneratedReportFactory(queued=True)
    GeneratedReportFactory.create_batch(4)
    walk = Walk()

    assert len(queue_due_reports(now=NOW, limit=10, walk=walk)) == 2
    assert walk.over
    assert queue_due_reports(now=NOW, limit=10) == []


@pytest.mark.parametrize("limit", [2, 3, 100])
def test_an_account_has_no_more_reports_out_than_it_may_and_the_others_go_past_it(
    settings: Settings, limit: int
) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 4}
    schedule = ReportScheduleFactory()
    running = GeneratedReportFactory(schedule=schedule, running=True, slot=NOW - dt.timedelta(days=50))
    many = due(9, schedule=schedule)
    other = GeneratedReportFactory()
    walk, batches = Walk(), []

    while not walk.over:
        batches.append(queue_due_reports(now=NOW, limit=limit, walk=walk))

    sent = [message.id for batch in batches for message in batch]
    assert sent == [str(report.pk) for report in [*many[:3], other]]
    assert running.account_id in walk.full


def test_one_walk_looks_at_the_rows_of_a_full_account_no_more_than_once(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 1}
    due(10)
    walk = Walk()

    calls = 0
    while not walk.over:
        queue_due_reports(now=NOW, limit=2, walk=walk)
        calls += 1

    assert (calls, queued()) == (2, 1)


def test_without_a_limit_an_account_may_have_everything_out(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": None}
    due(12)

    assert len(queue_due_reports(now=NOW, limit=100)) == 12
    assert queueing.full_accounts() == []


def test_a_report_that_is_done_makes_room_for_the_next_of_its_account(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 2}
    first, _second, third, _fourth = due(4)
    GeneratedReportFactory()
    queue_due_reports(now=NOW, limit=3)
    assert queueing.full_accounts() == [first.account_id]
    assert queue_due_reports_of(account_id=first.account_id, now=NOW) == []

    GeneratedReport.objects.filter(pk=first.pk).update(status=ReportStatus.SUCCEEDED, wake_at=None)

    assert queue_due_reports_of(account_id=first.account_id, now=NOW) == [Message(str(third.pk), 0, NOW)]


def test_room_is_passed_on_only_where_there_is_a_limit_and_the_broker_has_room(settings: Settings) -> None:
    (report,) = due(1)

    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": None}
    assert queue_due_reports_of(account_id=report.account_id, now=NOW) == []
    settings.REPORT_SCHEDULING = {"MAX_QUEUED": 1}
    GeneratedReportFactory(queued=True)
    assert queue_due_reports_of(account_id=report.account_id, now=NOW) == []
    assert queue_due_reports_of(account_id=AccountFactory().pk, now=NOW) == []


def test_one_report_can_be_queued_without_the_others() -> None:
    wanted = GeneratedReportFactory()
    GeneratedReportFactory()

    assert queue_report(report_id=wanted.pk, now=NOW) == [Message(str(wanted.pk), 0, NOW)]
    assert queue_report(report_id=uuid.uuid4(), now=NOW) == []


def test_one_report_waits_for_room_like_the_others_unless_it_is_made_by_hand(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 1}
    first, second = due(2)
    queue_report(report_id=first.pk, now=NOW)

    assert queue_report(report_id=second.pk, now=NOW) == []
    assert queue_report(report_id=second.pk, now=NOW, by_hand=True) == [Message(str(second.pk), 0, NOW)]
