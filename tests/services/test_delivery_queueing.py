"""Deliveries are handed out once, within the limits of the broker and of each account."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import Delivery
from django_report_scheduling.services import delivery_queueing
from django_report_scheduling.services.delivery_lanes import WEBHOOKS
from django_report_scheduling.services.delivery_queueing import (
    queue_deliveries_of,
    queue_deliveries_to,
    queue_due_deliveries,
    queue_webhooks_after,
)
from django_report_scheduling.services.fair_share import Walk
from django_report_scheduling.services.messages import Message
from tests.factories import (
    NOW,
    DeliveryFactory,
    GeneratedReportFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)

pytestmark = pytest.mark.django_db


def to_many(number: int) -> list[Delivery]:
    """Deliveries of one report to as many receivers, in the order in which they go out."""
    report = GeneratedReportFactory(succeeded=True)
    return [DeliveryFactory(report=report, target=f"client{n}@customer.example") for n in range(number)]


def test_a_due_delivery_is_handed_out_once() -> None:
    delivery = DeliveryFactory()

    assert queue_due_deliveries(now=NOW, limit=10) == [Message(str(delivery.pk), 0, NOW)]

    delivery.refresh_from_db()
    assert (delivery.status, delivery.queued_at) == (DeliveryStatus.PENDING, NOW)
    assert queue_due_deliveries(now=NOW + dt.timedelta(days=1), limit=10) == []


def test_a_retry_waits_until_its_time_has_come() -> None:
    DeliveryFactory(wake_at=NOW + dt.timedelta(seconds=60))

    assert queue_due_deliveries(now=NOW, limit=10) == []


def test_no_more_deliveries_are_handed_out_than_the_broker_may_hold(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_QUEUED": 3}
    to_many(4)
    walk = Walk()

    assert len(queue_due_deliveries(now=NOW, limit=10, walk=walk)) == 3
    assert walk.over
    assert queue_due_deliveries(now=NOW, limit=10) == []


def test_a_report_with_many_receivers_lets_those_of_other_accounts_pass(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_DELIVERIES_PER_ACCOUNT": 2}
    many = to_many(5)
    other = DeliveryFactory()
    walk, sent = Walk(), []

    while not walk.over:
        sent += queue_due_deliveries(now=NOW, limit=3, walk=walk)

    assert [message.id for message in sent] == [str(delivery.pk) for delivery in (*many[:2], other)]
    assert delivery_queueing.full_accounts(now=NOW) == [many[0].report.account_id]


def test_without_a_limit_an_account_may_have_everything_out(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_DELIVERIES_PER_ACCOUNT": None}
    to_many(5)

    assert len(queue_due_deliveries(now=NOW, limit=10)) == 5
    assert delivery_queueing.full_accounts(now=NOW) == []


def test_the_deliveries_of_one_report_can_be_handed_out_without_the_others() -> None:
    wanted = DeliveryFactory()
    DeliveryFactory()

    assert queue_deliveries_of(report_id=wanted.report_id, now=NOW) == [Message(str(wanted.pk), 0, NOW)]
    assert queue_deliveries_of(report_id=wanted.report_id, now=NOW) == []


def test_one_report_s_deliveries_wait_for_room_like_the_others_unless_they_are_sent_by_hand(
    settings: Settings,
) -> None:
    settings.REPORT_SCHEDULING = {"MAX_DELIVERIES_PER_ACCOUNT": 1, "MAX_QUEUED": 1}
    first, second = to_many(2)

    assert queue_deliveries_of(report_id=first.report_id, now=NOW) == [Message(str(first.pk), 0, NOW)]
    assert queue_deliveries_of(report_id=first.report_id, now=NOW) == []
    by_hand = queue_deliveries_of(report_id=first.report_id, now=NOW, by_hand=True)
    assert by_hand == [Message(str(second.pk), 0, NOW)]


def webhooks(number: int) -> list[Delivery]:
    """Pings for one endpoint, in the order in which they go out."""
    endpoint = WebhookEndpointFactory()
    return [
        WebhookDeliveryFactory(report=None, webhook=endpoint, event="webhook.ping", payload={"n": n})
        for n in range(number)
    ]


def keys(messages: list[Message]) -> list[str]:
    return [message.id for message in messages]


def test_attack_055_thousands_of_webhooks_of_one_account_let_those_of_others_pass(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 2}
    many, other = webhooks(5), webhooks(1)[0]
    walk, sent = Walk(), []

    while not walk.over:
        sent += keys(queue_due_deliveries(now=NOW, limit=3, walk=walk, lane=WEBHOOKS))

    assert sent == [str(many[0].pk), str(many[1].pk), str(other.pk)]
    assert delivery_queueing.full_accounts(WEBHOOKS, now=NOW) == [many[0].account_id]


def test_attack_055_a_slow_receiver_does_not_hold_up_the_account_s_mails(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 1,
        "MAX_DELIVERIES_PER_ACCOUNT": 1,
    }
    event = WebhookDeliveryFactory()
    mail = DeliveryFactory(report=event.report)

    assert keys(queue_deliveries_of(report_id=event.report_id, now=NOW)) == [str(mail.pk), str(event.pk)]


def test_a_webhook_that_has_come_to_its_end_makes_room_for_the_next_one(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 1}
    first, second = webhooks(2)
    webhooks(1)
    assert keys(queue_deliveries_to(webhook_id=first.webhook_id, now=NOW)) == [str(first.pk)]
    assert queue_webhooks_after(delivery_id=first.pk, now=NOW) == []

    Delivery.objects.filter(pk=first.pk).update(status="sent", sent_at=NOW, wake_at=None)

    assert keys(queue_webhooks_after(delivery_id=first.pk, now=NOW)) == [str(second.pk)]


def test_a_mail_that_has_come_to_its_end_hands_out_no_webhooks() -> None:
    event = WebhookDeliveryFactory()
    mail = DeliveryFactory(report=event.report)

    assert queue_webhooks_after(delivery_id=mail.pk, now=NOW) == []
