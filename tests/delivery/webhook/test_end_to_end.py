"""From a row to a receiver behind real TLS, and back: everything between is the real thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import trustme
from pytest_django import Settings
from standardwebhooks import Webhook

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.delivery.webhook.channel import WebhookChannel
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.models import Delivery, DeliveryAttempt
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.webhooks.endpoints import create_webhook
from tests.delivery.webhook.receiver import URL, Connection, answering, receiver, server_context
from tests.factories import AccountFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("channel")]

Clients = Callable[..., WebhookClient]


@pytest.fixture
def channel(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {"webhook": {"BACKEND": "django_report_scheduling.delivery.webhook.channel.WebhookChannel"}},
    }


def created() -> Any:
    return create_webhook(
        account_id=AccountFactory().pk, actor=None, now=dt.datetime.now(dt.UTC), url=URL, events=["report.failed"]
    )


def attempt(monkeypatch: pytest.MonkeyPatch, client: WebhookClient) -> Delivery:
    monkeypatch.setattr(WebhookChannel, "client", lambda _channel: client)
    ping = Delivery.objects.get()
    deliver(delivery_id=ping.pk, attempt=ping.attempt, clock=lambda: dt.datetime.now(dt.UTC))
    ping.refresh_from_db()
    return ping


def test_a_receiver_verifies_the_ping_and_its_answer_activates_the_endpoint(
    client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, secret = created()

    def verifying(connection: Connection) -> None:
        request = connection.read()
        Webhook(secret.reveal()).verify(request.body, {name.lower(): value for name, value in request.headers})
        connection.send(b"HTTP/1.1 204 No Content\r\n\r\n")

    with receiver(verifying, server_context(authority)) as server:
        ping = attempt(monkeypatch, client_for(server))

    endpoint.refresh_from_db()
    assert (ping.status, endpoint.state) == (DeliveryStatus.SENT, "active")
    assert server.requests[0]["webhook-id"] == f"msg_{ping.pk.hex}"


@pytest.mark.parametrize(
    ("answer", "outcome", "status"),
    [
        (answering("500 No"), "http_status", 500),
        (answering("302 Found", "location: https://127.0.0.1/\r\n"), "http_status", 302),
    ],
)
def test_attack_016_what_the_receiver_says_beyond_its_status_is_kept_nowhere(
    client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, answer: Any, outcome: str, status: int
) -> None:
    created()

    with receiver(answer, server_context(authority)) as server:
        ping = attempt(monkeypatch, client_for(server))

    log = DeliveryAttempt.objects.get()
    assert (ping.status, log.outcome, log.answer) == (DeliveryStatus.PENDING, outcome, status)
    assert server.accepted == 1


def test_attack_001_a_name_that_leads_inside_reaches_nobody(
    client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    created()

    with receiver(answering(), server_context(authority)) as server:
        attempt(monkeypatch, client_for(server, addresses=["127.0.0.1"]))

    assert server.accepted == 0
    assert DeliveryAttempt.objects.get().outcome == "address_not_public"
