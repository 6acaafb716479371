"""An account's share of the workers holds whatever its receiver does, as retries come back without asking."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.delivery_claims import claim_delivery, retry_delivery_later
from django_report_scheduling.services.delivery_lanes import MAX_BETWEEN_ATTEMPTS, RETRIES, WEBHOOKS
from django_report_scheduling.services.delivery_queueing import (
    queue_deliveries_to,
    queue_due_deliveries,
    queue_webhooks_after,
    retry_of_webhook,
    take_room_for_retry,
)
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.webhooks.attempts import Attempt
from django_report_scheduling.services.webhooks.events import queue_ping
from tests.factories import NOW, AccountFactory, WebhookEndpointFactory
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = pytest.mark.django_db

CAP = 3
TICK = TIMEOUT = 30
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def small_share(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": CAP}


def much_to_tell(number: int) -> None:
    """Pings of one endpoint: none needs a report, and failing ones do not stop the endpoint."""
    endpoint = WebhookEndpointFactory()
    for _each in range(number):
        queue_ping(endpoint, now=NOW)


def being_sent() -> int:
    return Delivery.objects.filter(status=DeliveryStatus.SENDING).count()


def arrive(message: Message, now: dt.datetime) -> Delivery | None:
    """What a worker does with a message before it sends anything."""
    if message.handed_out is None and not take_room_for_retry(delivery_id=message.id, attempt=message.attempt, now=now):
        return None
    return claim_delivery(delivery_id=message.id, attempt=message.attempt, now=now)


class SilentReceiver:
    """Workers enough, of whom each waits the whole timeout for an answer; a tick every 30 seconds."""

    def __init__(self) -> None:
        self.arriving: defaultdict[int, list[Message]] = defaultdict(list)
        self.ending: defaultdict[int, list[Delivery]] = defaultdict(list)
        self.most_at_once = 0

    def go_on_for(self, seconds: int) -> None:
        for second in range(seconds):
            for delivery in self.ending.pop(second, []):
                self._time_out(delivery, second)
            self._claim(self.arriving.pop(second, []), second)
            if second % TICK == 0:
                self._claim(queue_due_deliveries(now=NOW + second * SECOND, limit=100, lane=WEBHOOKS), second)

    def _claim(self, messages: Iterable[Message], second: int) -> None:
        for message in messages:
            claimed = arrive(message, NOW + second * SECOND)
            if claimed is not None:
                self.ending[second + TIMEOUT].append(claimed)
                self.most_at_once = max(self.most_at_once, being_sent())

    def _time_out(self, delivery: Delivery, second: int) -> None:
        now, timeout = NOW + second * SECOND, Attempt(outcome="timeout", duration=TIMEOUT)
        code = ErrorCode.CHANNEL_UNAVAILABLE
        status = retry_delivery_later(delivery, code=code, message="No answer.", now=now, attempt=timeout)
        if status == DeliveryStatus.PENDING and (retry := retry_of_webhook(delivery_id=delivery.pk)):
            message, at = retry
            self.arriving[int((at - NOW).total_seconds())].append(message)
        self._claim(queue_webhooks_after(delivery_id=delivery.pk, now=now), second)


def test_a_receiver_that_never_answers_has_no_more_attempts_at_once_than_its_share_and_all_come_to_an_end() -> None:
    much_to_tell(8)
    receiver = SilentReceiver()

    receiver.go_on_for(900)

    assert receiver.most_at_once == CAP
    assert set(Delivery.objects.values_list("status", "attempt")) == {(DeliveryStatus.FAILED, 4)}


def test_a_receiver_that_fails_every_other_time_does_not_gather_retries_beyond_its_share() -> None:
    """Each attempt makes room for another delivery, and its retry comes back without asking."""
    much_to_tell(40)
    ScriptedChannel.answers.extend([answer(500), answer(204)] * 40)
    messages = queue_due_deliveries(now=NOW, limit=100, lane=WEBHOOKS)
    retries = []

    while messages:
        message = messages.pop(0)
        if deliver(delivery_id=message.id, attempt=message.attempt, clock=lambda: NOW) == DeliveryStatus.PENDING:
            retries.append(retry_of_webhook(delivery_id=message.id))
        messages += queue_webhooks_after(delivery_id=message.id, now=NOW)
    for retry, at in filter(None, retries):
        arrive(retry, at)

    assert being_sent() == CAP
    assert len(retries) == CAP + MAX_BETWEEN_ATTEMPTS


def fails(delivery: Delivery) -> Delivery:
    """Make the first attempt, in vain."""
    ScriptedChannel.answers.append(answer(500))
    deliver(delivery_id=delivery.pk, attempt=0, clock=lambda: NOW)
    return delivery


def test_a_receiver_that_is_away_holds_up_no_other_of_its_account() -> None:
    account = AccountFactory()
    away, living = WebhookEndpointFactory.create_batch(2, account=account)
    for _each in range(CAP):
        fails(queue_ping(away, now=NOW))
    event = queue_ping(living, now=NOW)

    assert [message.id for message in queue_deliveries_to(webhook_id=living.pk, now=NOW)] == [str(event.pk)]


def test_a_retry_goes_before_what_was_never_tried(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 1}
    endpoint = WebhookEndpointFactory()
    retried, other = fails(queue_ping(endpoint, now=NOW)), queue_ping(endpoint, now=NOW)

    for expected in (retried, other):
        (message,) = queue_webhooks_after(delivery_id=retried.pk, now=NOW + SECOND)
        assert message.id == str(expected.pk)
        Delivery.objects.filter(pk=message.id).update(status="sent", sent_at=NOW, wake_at=None)


def test_a_retry_that_finds_no_room_waits_and_one_that_finds_room_is_out(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 1}
    endpoint = WebhookEndpointFactory()
    retried, other = fails(queue_ping(endpoint, now=NOW)), queue_ping(endpoint, now=NOW)
    queue_deliveries_to(webhook_id=endpoint.pk, now=NOW)
    assert not take_room_for_retry(delivery_id=retried.pk, attempt=1, now=NOW + SECOND)
    retried.refresh_from_db()
    assert (retried.status, retried.queued_at) == (DeliveryStatus.PENDING, None)

    Delivery.objects.filter(pk=other.pk).update(status="sent", sent_at=NOW, wake_at=None, queued_at=None)

    assert take_room_for_retry(delivery_id=retried.pk, attempt=1, now=NOW + SECOND)
    retried.refresh_from_db()
    assert retried.queued_at == NOW + SECOND
    assert queue_due_deliveries(now=NOW + 2 * SECOND, limit=10, lane=RETRIES) == []


def test_a_message_for_a_retry_that_a_tick_has_handed_out_meanwhile_is_followed() -> None:
    """Its twin finds the attempt gone, whichever comes second."""
    retried = fails(queue_ping(WebhookEndpointFactory(), now=NOW))
    assert len(queue_due_deliveries(now=NOW + SECOND, limit=10, lane=RETRIES)) == 1

    assert take_room_for_retry(delivery_id=retried.pk, attempt=1, now=NOW + SECOND)
