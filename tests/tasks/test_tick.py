"""One tick does everything that is due, in the order that loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import OperationalError
from pytest_django import Settings

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.heartbeats import TICK, last_beat
from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks.tick import TickResult, run_tick
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

Clock = Callable[[], dt.datetime]


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """Everything that the tick hands to the broker."""
    taken: list[Message] = []

    def publish(messages: list[Message]) -> int:
        taken.extend(messages)
        return len(messages)

    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_reports", publish)
    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_deliveries", publish)
    return taken


def test_a_due_schedule_is_expanded_and_published_in_one_tick(clock: Clock, published: list[Message]) -> None:
    ReportScheduleFactory()

    assert run_tick(clock=clock) == TickResult(expanded=1, rescued=0, published=1, unpublished=0)
    report = GeneratedReport.objects.get()
    assert published == [Message(str(report.pk), 0, NOW)]
    assert report.status == ReportStatus.QUEUED


def test_a_rescued_report_is_published_in_the_same_tick_for_its_next_attempt(
    clock: Clock, published: list[Message]
) -> None:
    report = GeneratedReportFactory(running=True, wake_at=NOW)

    assert run_tick(clock=clock) == TickResult(expanded=0, rescued=1, published=1, unpublished=0)
    assert published == [Message(str(report.pk), 1, NOW)]


def test_a_lost_message_and_a_waiting_delivery_are_published(clock: Clock, published: list[Message]) -> None:
    lost = GeneratedReportFactory(queued=True, wake_at=NOW)
    waiting = DeliveryFactory()

    run_tick(clock=clock)

    assert published == [Message(str(lost.pk), 0, NOW), Message(str(waiting.pk), 0, NOW)]


def test_a_tick_goes_on_until_nothing_is_left(clock: Clock, published: list[Message], settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"TICK_BATCH_SIZE": 2}
    ReportScheduleFactory.create_batch(5)

    assert run_tick(clock=clock) == TickResult(expanded=5, rescued=0, published=5, unpublished=0)


def test_an_idle_tick_publishes_nothing_but_its_heartbeat(clock: Clock, published: list[Message]) -> None:
    assert run_tick(clock=clock) == TickResult(expanded=0, rescued=0, published=0, unpublished=0)
    assert last_beat(TICK) == NOW


def test_a_broker_that_takes_nothing_does_not_keep_the_tick_going(
    clock: Clock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPORT_SCHEDULING = {"TICK_BATCH_SIZE": 2}
    monkeypatch.setattr("django_report_scheduling.tasks.pump.publish_reports", lambda messages: 0)
    GeneratedReportFactory.create_batch(5)

    assert run_tick(clock=clock).unpublished == 2
    assert GeneratedReport.objects.filter(status=ReportStatus.PENDING).count() == 3


def test_a_full_account_neither_holds_up_the_others_nor_keeps_the_tick_going(
    clock: Clock, published: list[Message], settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"TICK_BATCH_SIZE": 2, "MAX_CONCURRENT_PER_ACCOUNT": 3}
    schedule = ReportScheduleFactory(next_run_at=NOW + dt.timedelta(days=7))
    for day in range(9):
        GeneratedReportFactory(schedule=schedule, slot=NOW - dt.timedelta(days=day))
    other = GeneratedReportFactory()

    run_tick(clock=clock)

    assert len(published) == 4
    assert published[-1].id == str(other.pk)


def test_a_part_that_fails_is_named_and_the_others_have_their_turn(
    clock: Clock, published: list[Message], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked_out(**_arguments: object) -> int:
        msg = "canceling statement due to lock timeout"
        raise OperationalError(msg)

    monkeypatch.setattr("django_report_scheduling.tasks.tick.expand_all_due", locked_out)
    monkeypatch.setattr("django_report_scheduling.tasks.tick.rescue_deliveries", locked_out)
    report = GeneratedReportFactory()

    with pytest.raises(OperationalError, match="lock timeout"):
        run_tick(clock=clock)

    assert published == [Message(str(report.pk), 0, NOW)]
    assert [word in caplog.text for word in ("expanding schedules", "rescuing deliveries", "sending")] == [
        True,
        True,
        False,
    ]
