"""What a vanished worker held is taken back, but not for ever."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus
from django_report_scheduling.models import AuditEvent
from django_report_scheduling.services.rescue import rescue_deliveries, rescue_reports
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory

pytestmark = pytest.mark.django_db

LEASE_OVER = NOW + dt.timedelta(seconds=120)


def test_a_report_whose_lease_is_over_waits_again_at_once() -> None:
    report = GeneratedReportFactory(running=True)

    assert rescue_reports(now=LEASE_OVER, limit=10) == 1

    report.refresh_from_db()
    assert (report.status, report.wake_at, report.rescues) == (ReportStatus.PENDING, LEASE_OVER, 1)
    assert (report.attempt, report.failures) == (1, 0)


def test_what_is_taken_back_has_no_message_out_any_more(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"CHANNELS": {"hook": {"BACKEND": "tests.recording_channel.RepeatableChannel"}}}
    report = GeneratedReportFactory(running=True, queued_at=NOW)
    delivery = DeliveryFactory(channel="hook", status=DeliveryStatus.SENDING, attempt=1, queued_at=NOW)

    rescue_reports(now=LEASE_OVER, limit=10)
    rescue_deliveries(now=LEASE_OVER, limit=10)

    for row in (report, delivery):
        row.refresh_from_db()
        assert row.queued_at is None


def test_many_are_taken_back_in_a_few_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    GeneratedReportFactory.create_batch(5, running=True)

    with django_assert_max_num_queries(8):
        assert rescue_reports(now=LEASE_OVER, limit=10) == 5
    assert AuditEvent.objects.filter(verb="report.rescued", data={"rescues": 1}).count() == 5


def test_a_report_that_is_still_held_is_left_alone() -> None:
    GeneratedReportFactory(running=True)

    assert rescue_reports(now=LEASE_OVER - dt.timedelta(seconds=1), limit=10) == 0


def test_a_report_that_kills_its_worker_again_and_again_fails_after_three_rescues() -> None:
    report = GeneratedReportFactory(running=True, attempt=4, rescues=3)

    rescue_reports(now=LEASE_OVER, limit=10)

    report.refresh_from_db()
    assert (report.status, report.error_code) == (ReportStatus.FAILED, ErrorCode.WORKER_LOST)
    assert "4 times" in report.error_message


def test_a_mail_that_may_have_gone_out_is_not_sent_again_by_itself() -> None:
    delivery = DeliveryFactory(status=DeliveryStatus.SENDING, attempt=1, wake_at=LEASE_OVER)

    assert rescue_deliveries(now=LEASE_OVER, limit=10) == 1

    delivery.refresh_from_db()
    assert (delivery.status, delivery.error_code) == (DeliveryStatus.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN)


def test_a_channel_whose_receiver_recognises_repetitions_sends_again(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"CHANNELS": {"hook": {"BACKEND": "tests.recording_channel.RepeatableChannel"}}}
    delivery = DeliveryFactory(channel="hook", status=DeliveryStatus.SENDING, attempt=1, wake_at=LEASE_OVER)

    rescue_deliveries(now=LEASE_OVER, limit=10)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.wake_at) == (DeliveryStatus.PENDING, LEASE_OVER)


def test_a_delivery_that_kills_its_worker_again_and_again_does_not_come_back_for_ever(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"CHANNELS": {"hook": {"BACKEND": "tests.recording_channel.RepeatableChannel"}}}
    delivery = DeliveryFactory(channel="hook", status=DeliveryStatus.SENDING, attempt=7, wake_at=LEASE_OVER)

    rescue_deliveries(now=LEASE_OVER, limit=10)

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.UNKNOWN


def test_a_delivery_over_a_channel_that_is_gone_ends_as_unknown() -> None:
    delivery = DeliveryFactory(channel="gone", status=DeliveryStatus.SENDING, attempt=1, wake_at=LEASE_OVER)

    rescue_deliveries(now=LEASE_OVER, limit=10)

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.UNKNOWN
