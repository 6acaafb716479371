"""The next attempt at a webhook comes in its time, and not with the next tick."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import Event
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.webhooks.events import queue_ping
from django_report_scheduling.tasks import deliver, publishing
from tests.celery_app import app
from tests.extras import needs_webhooks
from tests.factories import NOW, DeliveryFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.tasks.test_publishing import messages_in
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = [needs_webhooks, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_report")]


@pytest.fixture(autouse=True)
def channels(settings: Settings, monkeypatch: pytest.MonkeyPatch, clock: Callable[[], dt.datetime]) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {
            "email": {"BACKEND": "tests.recording_channel.RaisingChannel"},
            "webhook": {"BACKEND": "tests.webhook_channel.ScriptedChannel"},
        },
    }
    ScriptedChannel.answers.clear()
    for module in ("deliver", "publishing"):
        monkeypatch.setattr(f"django_report_scheduling.tasks.{module}.database_now", clock)


@pytest.fixture
def queue() -> str:
    """An empty queue of the in-memory broker."""
    app.set_current()
    with app.connection_for_write() as connection:
        connection.SimpleQueue(app.conf.task_default_queue).clear()
    return str(app.conf.task_default_queue)


def delays(queue: str) -> list[tuple[Any, float]]:
    """Attempt, and seconds to be held back, of each message."""
    found = []
    for message in messages_in(queue):
        eta = dt.datetime.fromisoformat(str(message["headers"]["eta"]))  # type: ignore[index]
        found.append((message["args"][1], (eta - dt.datetime.now(dt.UTC)).total_seconds()))  # type: ignore[index]
    return found


def attempt(delivery: Delivery) -> None:
    delivery.refresh_from_db()
    deliver.deliver(str(delivery.pk), delivery.attempt)


def test_attack_045_a_failed_attempt_sends_the_message_of_the_next_one_held_back(queue: str) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.extend([answer(500)] * 3)

    for claims, wait in ((1, 1), (2, 10), (3, 60)):
        attempt(delivery)
        ((number, held_back),) = delays(queue)
        assert number == claims
        assert wait - 5 < held_back <= wait


def test_the_row_waits_for_the_tick_all_the_same_so_that_a_lost_message_loses_nothing(queue: str) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(500))

    attempt(delivery)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.queued_at, delivery.wake_at) == ("pending", None, NOW + dt.timedelta(seconds=1))


def test_a_longer_wait_is_the_tick_s(queue: str) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(503, retry_after=300))

    attempt(delivery)

    assert messages_in(queue) == []


def test_a_mail_that_failed_waits_for_the_tick(queue: str) -> None:
    attempt(DeliveryFactory())

    assert messages_in(queue) == []


def test_what_succeeded_is_not_sent_again(queue: str) -> None:
    attempt(WebhookDeliveryFactory())

    assert messages_in(queue) == []


@pytest.fixture
def eager() -> Iterator[None]:
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_where_tasks_run_at_once_nothing_is_held_back(queue: str, eager: None) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(500))

    attempt(delivery)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempt) == ("pending", 1)


def test_a_ping_goes_out_at_once_and_says_which_row_and_attempt_only(queue: str) -> None:
    ping = queue_ping(WebhookEndpointFactory(), now=NOW)

    publishing.dispatch_deliveries_to(ping.webhook_id)

    (message,) = messages_in(queue)
    assert message["args"] == [str(ping.pk), 0, NOW.timestamp()]
    assert ping.event == Event.WEBHOOK_PING


def two_of_one_account() -> tuple[Delivery, Delivery]:
    first = WebhookDeliveryFactory()
    return first, WebhookDeliveryFactory(report__schedule__account=first.report.account, webhook=first.webhook)


def test_a_failed_attempt_hands_out_the_next_webhook_of_its_account(queue: str) -> None:
    first, second = two_of_one_account()
    ScriptedChannel.answers.append(answer(500))

    attempt(first)

    retry, other = sorted(messages_in(queue), key=lambda message: message["args"] != [str(first.pk), 1, None])
    assert retry["headers"]["eta"] is not None  # type: ignore[index]
    assert other["args"] == [str(second.pk), 0, NOW.timestamp()]


def test_a_retry_that_finds_its_account_without_room_waits_until_the_other_has_come_to_its_end(queue: str) -> None:
    first, second = two_of_one_account()
    ScriptedChannel.answers.append(answer(500))
    attempt(first)
    Delivery.objects.filter(pk=first.pk).update(wake_at=NOW)
    ScriptedChannel.sent.clear()
    messages_in(queue)

    attempt(first)
    assert ScriptedChannel.sent == []

    deliver.deliver(str(second.pk), 0, NOW.timestamp())
    assert len(ScriptedChannel.sent) == 1
    assert [message["args"] for message in messages_in(queue)] == [[str(first.pk), 1, NOW.timestamp()]]
