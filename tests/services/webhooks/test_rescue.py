"""A webhook whose worker vanished is sent again, as its receiver recognises repetitions; but not for ever."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.delivery_claims import claim_delivery
from django_report_scheduling.services.rescue import rescue_deliveries
from django_report_scheduling.services.webhooks.replays import replay_delivery
from tests.factories import NOW, WebhookDeliveryFactory
from tests.services.webhooks.conftest import Send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

LEASE_OVER = NOW + dt.timedelta(hours=1)
OFTEN = 8
"""More attempts than an event has by itself, rescues included."""


@pytest.fixture
def replayed(send: Send) -> Delivery:
    """An event that arrived often, and is to be sent once more."""
    delivery: Delivery = WebhookDeliveryFactory()
    for _time in range(OFTEN):
        send(delivery)
        replay_delivery(webhook_id=delivery.webhook_id, delivery_id=delivery.pk, actor=None, now=NOW)
    delivery.refresh_from_db()
    return delivery


def vanish(delivery: Delivery) -> None:
    """Have a worker take it and never be heard of again."""
    assert claim_delivery(delivery_id=delivery.pk, attempt=delivery.attempt, now=NOW)
    assert rescue_deliveries(now=LEASE_OVER, limit=10) == 1
    delivery.refresh_from_db()


def test_a_webhook_that_was_replayed_often_is_still_repeated_when_its_worker_vanishes(replayed: Delivery) -> None:
    vanish(replayed)

    assert (replayed.status, replayed.wake_at, replayed.attempt) == (DeliveryStatus.PENDING, LEASE_OVER, OFTEN + 1)


def test_a_replayed_webhook_that_kills_its_worker_again_and_again_is_left_to_people(replayed: Delivery) -> None:
    for _time in range(conf.MAX_RESCUES):
        vanish(replayed)
        assert replayed.status == DeliveryStatus.PENDING

    vanish(replayed)

    assert (replayed.status, replayed.error_code) == (DeliveryStatus.UNKNOWN, ErrorCode.OUTCOME_UNKNOWN)
