"""Sending a report again is for its recipients; events are replayed, one by one."""

from __future__ import annotations

import pytest

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.services.report_requests import redeliver
from tests.factories import NOW, DeliveryFactory, WebhookDeliveryFactory

pytestmark = pytest.mark.django_db


def test_redelivering_a_report_leaves_its_webhooks_alone() -> None:
    event = WebhookDeliveryFactory(status=DeliveryStatus.FAILED, failures=4, wake_at=None)
    mail = DeliveryFactory(report=event.report, status=DeliveryStatus.FAILED, wake_at=None)

    assert redeliver(report_id=event.report_id, actor=None, now=NOW) == 1

    event.refresh_from_db()
    mail.refresh_from_db()
    assert mail.status == DeliveryStatus.PENDING
    assert (event.status, event.failures, event.wake_at) == (DeliveryStatus.FAILED, 4, None)
