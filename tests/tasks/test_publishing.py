"""Messages reach the broker, or the rows remember that they did not."""

from __future__ import annotations

import logging
from functools import partial

import pytest
from amqp.exceptions import AccessRefused
from celery import current_app
from django.db import InterfaceError, OperationalError, transaction
from pytest_django import Settings

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks import names, publishing
from django_report_scheduling.tasks.broker import Patience
from tests.celery_app import app
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty queue of the in-memory broker."""
    app.set_current()
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue(app.conf.task_default_queue)
        queue.clear()
    return str(app.conf.task_default_queue)


def messages_in(queue_name: str) -> list[dict[str, object]]:
    found = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue(queue_name)
        while queue.qsize():
            message = queue.get(timeout=1)
            message.ack()
            found.append({"task": message.headers["task"], "args": message.payload[0], "headers": message.headers})
    return found


def test_a_message_names_the_task_the_id_the_attempt_and_the_time_and_nothing_else(broker: str) -> None:
    assert publishing.publish_reports([Message("some-id", 2, NOW)]) == 1

    (message,) = messages_in(broker)
    assert (message["task"], message["args"]) == (names.GENERATE_REPORT, ["some-id", 2, NOW.timestamp()])


def test_time_limits_travel_with_the_message(broker: str, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"SOFT_TIME_LIMIT": 5, "TIME_LIMIT": 7}

    publishing.publish_reports([Message("some-id", 0)])

    assert messages_in(broker)[0]["headers"]["timelimit"] == [7, 5]


def test_a_task_goes_to_its_queue(broker: str, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"QUEUES": {names.DELIVER: "mail"}}

    publishing.publish_deliveries([Message("some-id", 0)])

    assert messages_in(broker) == []
    assert [message["task"] for message in messages_in("mail")] == [names.DELIVER]


def test_nothing_to_publish_does_not_touch_the_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "bounded_producer", lambda _patience: pytest.fail("the broker was asked"))

    assert publishing.publish_reports([]) == 0


@pytest.mark.django_db(transaction=True)
def test_attack_054_a_broker_that_is_away_loses_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    report = GeneratedReportFactory()
    app.set_current()
    monkeypatch.setattr(app, "connection_for_write", partial(app.connection_for_write, "redis://127.0.0.1:1/0"))
    monkeypatch.setattr(publishing, "database_now", lambda: NOW)
    publishing.dispatch_report(report.pk)

    report.refresh_from_db()
    assert (report.status, report.attempt) == (ReportStatus.QUEUED, 0)
    assert "did not take 1 messages" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_deliveries_of_one_report_are_published_at_once(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = DeliveryFactory()
    monkeypatch.setattr(publishing, "database_now", lambda: NOW)

    publishing.dispatch_deliveries(delivery.report_id)

    assert messages_in(broker)[0]["args"] == [str(delivery.pk), 0, NOW.timestamp()]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_published_before_the_commit_of_the_caller(broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = GeneratedReportFactory()
    monkeypatch.setattr(publishing, "database_now", lambda: NOW)

    with transaction.atomic():
        publishing.dispatch_report(report.pk)
        assert messages_in(broker) == []

    assert len(messages_in(broker)) == 1


def test_a_broker_that_refuses_is_as_good_as_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(patience: Patience) -> None:
        raise AccessRefused

    app.set_current()
    monkeypatch.setattr(app, "connection_for_write", partial(app.connection_for_write, "amqp://127.0.0.1:1//"))
    monkeypatch.setattr(publishing, "bounded_producer", refuse)
    assert publishing.publish_reports([Message("some-id", 0)]) == 0


@pytest.mark.django_db(transaction=True)
def test_the_room_of_an_account_is_filled_at_once(
    broker: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 1}
    report = GeneratedReportFactory()
    monkeypatch.setattr(publishing, "database_now", lambda: NOW)

    publishing.dispatch_reports_of(report.account_id)

    assert messages_in(broker)[0]["args"] == [str(report.pk), 0, NOW.timestamp()]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.django_db(transaction=True)
def test_handing_out_ahead_of_the_tick_may_fail(
    error: type[Exception], broker: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked_out(**_arguments: object) -> None:
        msg = "canceling statement due to lock timeout"
        raise error(msg)

    monkeypatch.setattr(publishing, "queue_report", locked_out)

    with caplog.at_level(logging.WARNING, logger=publishing.__name__):
        publishing.dispatch_report("some-id")

    assert messages_in(broker) == []
    assert "lock timeout" in caplog.text
