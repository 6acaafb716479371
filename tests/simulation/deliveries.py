"""The same world for deliveries: mails and webhooks in the lanes that they wait in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from django.db.models import Q

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.arrivals import DELIVERIES
from django_report_scheduling.services.delivery_queueing import queue_webhooks_after
from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks.pump import Pump
from tests.factories import (
    NOW,
    AccountFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    WebhookEndpointFactory,
)
from tests.simulation.world import World


@dataclass
class DeliveryWorld(World):
    """Each delivery that ends has arrived."""

    kind: str = DELIVERIES

    def _hand_out(self, pump: Pump) -> None:
        pump.deliveries()

    def _close(self, done: list[str]) -> None:
        arrived = Delivery.objects.filter(pk__in=done)
        arrived.update(status=DeliveryStatus.SENT, sent_at=self.now, wake_at=None)
        for delivery in done:
            self.publish(queue_webhooks_after(delivery_id=delivery, now=self.now))

    def _claim(self, message: Message) -> int:
        waiting = Delivery.objects.filter(pk=message.id, status=DeliveryStatus.PENDING, attempt=message.attempt)
        return waiting.update(status=DeliveryStatus.SENDING, attempt=message.attempt + 1, updated_at=self.now)

    def _look(self, *, watched: bool) -> None:
        if watched:
            out = Q(status=DeliveryStatus.SENDING) | Q(status=DeliveryStatus.PENDING, queued_at__isnull=False)
            self.most_out |= Counter(Delivery.objects.filter(out).count_by_account())


def mails_due(number: int) -> list[str]:
    """Store the mails of one report of a new account."""
    report = GeneratedReportFactory(succeeded=True)
    return _stored(Delivery(report=report, target=f"client{n}@customer.example", wake_at=NOW) for n in range(number))


def webhooks_due(number: int, *, endpoints: int = 1) -> list[str]:
    """Store events of a new account that its endpoints are to be told of, in turn."""
    account = AccountFactory()
    told = WebhookEndpointFactory.create_batch(endpoints, account=account)
    about: dict[str, Any] = {"schedule": ReportScheduleFactory(account=account), "event": "schedule.paused"}
    return _stored(
        Delivery(channel="webhook", webhook=endpoint, target=str(endpoint.pk), wake_at=NOW, **about)
        for endpoint, _n in zip(cycle(told), range(number), strict=False)
    )


def _stored(deliveries: Any) -> list[str]:
    return sorted(str(delivery.pk) for delivery in Delivery.objects.bulk_create(deliveries, batch_size=2000))
