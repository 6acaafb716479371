"""Webhooks without a network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.testing import RecordingChannel
from tests.extras_at_hand import WEBHOOKS
from tests.factories import NOW
from tests.webhook_channel import ScriptedChannel

collect_ignore_glob = [] if WEBHOOKS else ["test_*.py"]

Send = Callable[..., DeliveryStatus | None]


@pytest.fixture(autouse=True)
def channels(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {
            "email": {"BACKEND": "django_report_scheduling.testing.RecordingChannel"},
            "webhook": {"BACKEND": "tests.webhook_channel.ScriptedChannel"},
        },
    }
    ScriptedChannel.answers.clear()
    ScriptedChannel.sent.clear()
    ScriptedChannel.meanwhile = None
    RecordingChannel.requests.clear()


@pytest.fixture
def send() -> Send:
    """Make the next attempt at a delivery, and read what became of it."""

    def run(delivery: Delivery, at: dt.datetime = NOW) -> DeliveryStatus | None:
        status = deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=lambda: at)
        delivery.refresh_from_db()
        return status

    return run
