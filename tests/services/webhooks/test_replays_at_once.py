"""Two who replay at the same moment count one after the other, through whichever endpoints of the account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.exceptions import Throttled
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.webhooks import replays
from tests.factories import NOW, AccountFactory, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.other_connection import PATIENCE, closing, wait_until_it_waits

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="Only there it can be seen who waits."),
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]


def test_attack_029_of_two_replays_at_once_the_second_sees_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "MAX_REPLAYS", 1)
    account, person = AccountFactory(), UserFactory(is_superuser=True)
    first, second = (
        WebhookDeliveryFactory(
            report__schedule__account=account,
            webhook=WebhookEndpointFactory(account=account),
            status=DeliveryStatus.FAILED,
            wake_at=None,
        )
        for _number in range(2)
    )

    def replay(delivery: Delivery) -> Delivery:
        return replays.replay_delivery(webhook_id=delivery.webhook_id, delivery_id=delivery.pk, actor=person, now=NOW)

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            replay(first)
            other = threads.submit(closing(partial(replay, second)))
            wait_until_it_waits(other)
        with pytest.raises(Throttled):
            other.result(timeout=PATIENCE)
