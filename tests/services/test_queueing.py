"""What should go out is marked first and published afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import (
    queue_due_deliveries,
    queue_due_reports,
    queue_report,
    requeue_lost_reports,
)
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory

pytestmark = pytest.mark.django_db

TEN_MINUTES = dt.timedelta(minutes=10)


def test_a_pending_report_is_marked_queued_and_named_with_its_attempt() -> None:
    report = GeneratedReportFactory(attempt=2)

    assert queue_due_reports(now=NOW, limit=10) == [Message(str(report.pk), 2)]

    report.refresh_from_db()
    assert (report.status, report.wake_at) == (ReportStatus.QUEUED, NOW + TEN_MINUTES)


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

    assert len(queue_due_reports(now=NOW, limit=10)) == 2


def test_a_message_that_nobody_took_is_sent_again_for_the_same_attempt() -> None:
    report = GeneratedReportFactory(queued=True, attempt=1)

    assert requeue_lost_reports(now=NOW + TEN_MINUTES, limit=10) == [Message(str(report.pk), 1)]

    report.refresh_from_db()
    assert (report.status, report.wake_at) == (ReportStatus.QUEUED, NOW + 2 * TEN_MINUTES)


def test_a_message_is_not_presumed_lost_before_its_time() -> None:
    GeneratedReportFactory(queued=True)

    assert requeue_lost_reports(now=NOW + TEN_MINUTES - dt.timedelta(seconds=1), limit=10) == []


def test_one_report_can_be_queued_without_the_others() -> None:
    wanted = GeneratedReportFactory()
    GeneratedReportFactory()

    assert queue_report(report_id=wanted.pk, now=NOW) == [Message(str(wanted.pk), 0)]


def test_a_due_delivery_is_named_once_until_its_message_counts_as_lost() -> None:
    delivery = DeliveryFactory()

    assert queue_due_deliveries(now=NOW, limit=10) == [Message(str(delivery.pk), 0)]
    assert queue_due_deliveries(now=NOW, limit=10) == []
    assert queue_due_deliveries(now=NOW + TEN_MINUTES, limit=10) == [Message(str(delivery.pk), 0)]


def test_the_deliveries_of_one_report_can_be_queued_without_the_others() -> None:
    wanted = DeliveryFactory()
    DeliveryFactory()

    assert queue_due_deliveries(now=NOW, limit=10, report_id=wanted.report_id) == [Message(str(wanted.pk), 0)]
