"""What was made for one URL never goes out once the endpoint has another: it is signed with the secret of the old."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.services import delivering
from django_report_scheduling.services.webhooks.endpoints import update_webhook
from django_report_scheduling.services.webhooks.events import queue_ping
from django_report_scheduling.services.webhooks.states import confirm_webhook
from tests.factories import NOW, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

NEW_URL = "https://elsewhere.customer.example/in"
MeanwhileDo = Callable[[Callable[[], None]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> MeanwhileDo:
    """Have something happen when a worker has made its message, and not yet asked whether it may go out."""
    make = delivering.delivery_request

    def arrange(happens: Callable[[], None]) -> None:
        def made(*args: Any, **fields: Any) -> Any:
            request = make(*args, **fields)
            happens()
            return request

        monkeypatch.setattr(delivering, "delivery_request", made)

    return arrange


def move(endpoint: WebhookEndpoint) -> None:
    update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url=NEW_URL)


def assert_withheld(delivery: Delivery) -> None:
    assert (delivery.status, delivery.error_code) == (DeliveryStatus.SUPPRESSED, ErrorCode.RECIPIENT_REFUSED)
    assert delivery.error_message == "The webhook has got another URL."
    assert ScriptedChannel.sent == []


def test_an_event_is_withheld_although_the_new_url_has_answered_already(send: Send, meanwhile: MeanwhileDo) -> None:
    delivery = WebhookDeliveryFactory()

    def move_and_answer() -> None:
        move(delivery.webhook)
        confirm_webhook(delivery.webhook_id, url=NEW_URL, now=NOW)

    meanwhile(move_and_answer)
    send(delivery)

    assert_withheld(delivery)


def test_a_ping_of_the_old_url_is_withheld(send: Send, meanwhile: MeanwhileDo) -> None:
    endpoint = WebhookEndpointFactory()
    ping = queue_ping(endpoint, now=NOW)

    meanwhile(lambda: move(endpoint))
    send(ping)

    assert_withheld(ping)
