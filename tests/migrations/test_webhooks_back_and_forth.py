"""A host that goes back before webhooks keeps its mails, and loses what the tables of before cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from django_report_scheduling.choices import DeliveryStatus, Event
from django_report_scheduling.models import Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.webhooks.events import queue_ping
from tests.factories import NOW, DeliveryFactory, RecipientConsentFactory, WebhookDeliveryFactory

BEFORE = ("report_scheduling", "0003_timeline_order")
WEBHOOKS = ("report_scheduling", "0004_webhooks")

pytestmark = pytest.mark.django_db(transaction=True)


def migrate_to(target: tuple[str, str]) -> Any:
    """Migrate, and return the model of deliveries as it is then."""
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return executor.loader.project_state(target).apps.get_model("report_scheduling", "Delivery")


@pytest.fixture(autouse=True)
def newest_tables_afterwards() -> Iterator[None]:
    try:
        yield
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def mails() -> set[Any]:
    """Keys of the mails about a report, beside everything that has to do with webhooks, and mails that ask."""
    event = WebhookDeliveryFactory(status=DeliveryStatus.SENT, attempt=1, sent_at=NOW, wake_at=None)
    DeliveryAttempt.objects.create(delivery=event, number=1, at=NOW, outcome="delivered", answer=204, duration_ms=5)
    endpoint, report = event.webhook, event.report
    ping = queue_ping(endpoint, now=NOW)
    DeliveryAttempt.objects.create(delivery=ping, number=1, at=NOW, outcome="timeout", duration_ms=30_000)
    WebhookDeliveryFactory(report=None, schedule=report.schedule, webhook=endpoint, event=Event.SCHEDULE_PAUSED)
    DeliveryFactory(report=None, webhook=endpoint, event=Event.WEBHOOK_DISABLED, target="owner@people.example")
    sent = DeliveryFactory(report=report, status=DeliveryStatus.SENT, sent_at=NOW, wake_at=None)
    waiting = DeliveryFactory(report=report, event=Event.SCHEDULE_ERRORED)
    consent = RecipientConsentFactory(account=report.account)
    DeliveryFactory(report=None, consent=consent, event=Event.RECIPIENT_CONFIRMATION)
    return {sent.pk, waiting.pk}


def test_the_way_back_keeps_mails_and_forgets_webhooks(mails: set[Any]) -> None:
    earlier_deliveries = migrate_to(BEFORE).objects

    assert set(earlier_deliveries.values_list("pk", flat=True)) == mails
    assert earlier_deliveries.get(status=DeliveryStatus.SENT).sent_at == NOW
    gone = {model._meta.db_table for model in (WebhookEndpoint, DeliveryAttempt)}
    assert not gone & set(connection.introspection.table_names())


def test_and_forward_again_with_the_mails_as_they_were(mails: set[Any]) -> None:
    migrate_to(BEFORE)
    deliveries = migrate_to(WEBHOOKS).objects

    assert set(deliveries.values_list("pk", flat=True)) == mails
    assert list(deliveries.values_list("webhook", "schedule", "payload")) == [(None, None, {})] * len(mails)
    assert not WebhookEndpoint.objects.exists()
    assert not DeliveryAttempt.objects.exists()
    assert Delivery.objects.filter(wake_at=NOW, event=Event.SCHEDULE_ERRORED).count() == 1
