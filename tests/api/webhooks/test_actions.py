"""Ping, rotate, reactivate, the log of deliveries, and replay, over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import AbstractAccount, Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.webhooks import replays
from django_report_scheduling.services.webhooks.pings import MAX_PINGS
from django_report_scheduling.services.webhooks.secrets import signing_secrets
from tests.api.webhooks.conftest import As
from tests.factories import NOW, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory

URL = "/api/v1/webhooks/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(account: AbstractAccount) -> WebhookEndpoint:
    return WebhookEndpointFactory(account=account)


@pytest.fixture
def failed(endpoint: WebhookEndpoint) -> Delivery:
    delivery = WebhookDeliveryFactory(
        webhook=endpoint,
        report__schedule__account=endpoint.account,
        status=DeliveryStatus.FAILED,
        attempt=4,
        wake_at=None,
        error_code="channel_unavailable",
        error_message="The receiver answered with 500.",
    )
    for number in (1, 2):
        DeliveryAttempt.objects.create(
            delivery=delivery, number=number, at=NOW, outcome="http_status", answer=500, duration_ms=12
        )
    return delivery


def test_a_ping_is_accepted_and_shown_as_a_delivery(api: As, manager: Any, endpoint: WebhookEndpoint) -> None:
    answer = api(manager).post(f"{URL}{endpoint.pk}/ping/")

    assert answer.status_code == 202
    assert (answer.json()["event"], answer.json()["status"]) == ("webhook.ping", "pending")


def test_attack_029_too_many_pings_are_refused_with_the_time_to_wait(
    api: As, manager: Any, endpoint: WebhookEndpoint
) -> None:
    client = api(manager)
    answers = [client.post(f"{URL}{endpoint.pk}/ping/") for _number in range(MAX_PINGS + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {202}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "throttled")


def test_rotating_shows_the_new_secret_once(api: As, manager: Any, endpoint: WebhookEndpoint) -> None:
    answer = api(manager).post(f"{URL}{endpoint.pk}/rotate-secret/")

    endpoint.refresh_from_db()
    new, _old = signing_secrets(endpoint, now=NOW)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert answer.json()["secret"] == new.reveal()
    assert answer.json()["previous_secret_expires_at"] is not None


def test_reactivating_takes_an_administrator(api: As, manager: Any, endpoint: WebhookEndpoint) -> None:
    WebhookEndpoint.objects.update(state="disabled", state_reason="failures")
    address = f"{URL}{endpoint.pk}/reactivate/"

    assert api(manager).post(address).status_code == 403
    answer = api(UserFactory(is_superuser=True)).post(address)
    assert (answer.status_code, answer.json()["state"]) == (200, "pending")
    assert api(UserFactory(is_superuser=True)).post(address).status_code == 409


def test_the_log_shows_each_attempt_without_payload_url_or_secret(
    api: As, manager: Any, endpoint: WebhookEndpoint, failed: Delivery
) -> None:
    (row,) = api(manager).get(f"{URL}{endpoint.pk}/deliveries/").json()["results"]

    assert row.pop("created_at").endswith("Z")
    assert row == {
        "id": str(failed.pk),
        "event": "report.succeeded",
        "report": str(failed.report_id),
        "status": "failed",
        "attempt": 4,
        "error_code": "channel_unavailable",
        "error_message": "The receiver answered with 500.",
        "next_attempt_at": None,
        "sent_at": None,
        "attempts": [
            {"number": number, "at": "2026-03-02T07:00:00Z", "outcome": "http_status", "answer": 500, "duration_ms": 12}
            for number in (1, 2)
        ],
    }


def test_the_log_takes_the_same_number_of_queries_for_many(
    api: As,
    manager: Any,
    endpoint: WebhookEndpoint,
    failed: Delivery,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(50) as captured:
            api(manager).get(f"{URL}{endpoint.pk}/deliveries/")
        return len(captured)

    one = queries()
    for _number in range(5):
        other = WebhookDeliveryFactory(webhook=endpoint, report__schedule__account=endpoint.account)
        DeliveryAttempt.objects.create(delivery=other, number=1, at=NOW, outcome="timeout", duration_ms=1)
    assert queries() == one


def test_a_single_delivery_is_replayed(api: As, manager: Any, endpoint: WebhookEndpoint, failed: Delivery) -> None:
    address = f"{URL}{endpoint.pk}/deliveries/{failed.pk}/replay/"

    answer = api(manager).post(address)

    assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (202, str(failed.pk), "pending")
    assert api(manager).post(address).status_code == 409


def test_attack_029_replays_are_throttled_per_account(
    api: As, manager: Any, endpoint: WebhookEndpoint, failed: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "MAX_REPLAYS", 1)
    address = f"{URL}{endpoint.pk}/deliveries/{failed.pk}/replay/"
    assert api(manager).post(address).status_code == 202
    Delivery.objects.update(status=DeliveryStatus.FAILED, wake_at=None)

    answer = api(manager).post(address)

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "throttled", "600")


def test_attack_086_deliveries_of_others_are_not_found(
    api: As, manager: Any, viewer: Any, outsider: Any, endpoint: WebhookEndpoint, failed: Delivery
) -> None:
    foreign = WebhookDeliveryFactory(status=DeliveryStatus.FAILED, wake_at=None)
    answers = [
        api(manager).post(f"{URL}{endpoint.pk}/deliveries/{key}/replay/") for key in (foreign.pk, uuid.uuid4(), "none")
    ]
    answers += [
        api(person).post(f"{URL}{endpoint.pk}/{action}/")
        for person in (viewer, outsider)
        for action in ("ping", "rotate-secret", "reactivate", f"deliveries/{failed.pk}/replay")
    ]
    answers += [api(person).get(f"{URL}{endpoint.pk}/deliveries/") for person in (viewer, outsider)]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("action", ["ping", "rotate-secret", "reactivate"])
def test_an_action_takes_neither_parameters_nor_a_body(
    api: As, manager: Any, endpoint: WebhookEndpoint, action: str
) -> None:
    address = f"{URL}{endpoint.pk}/{action}/"

    assert api(manager).post(f"{address}?x=1").status_code == 400
    assert api(manager).post(address, {"x": 1}, format="json").status_code == 400
