"""Disabling, reactivating, pinging and replaying."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.access import roles
from django_report_scheduling.choices import DeliveryStatus, Event, Role, WebhookState, WebhookStop
from django_report_scheduling.exceptions import NotPermitted, Throttled, WrongState
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.services.purge import purge
from django_report_scheduling.services.webhooks import replays
from django_report_scheduling.services.webhooks.allowances import WINDOW
from django_report_scheduling.services.webhooks.endpoints import create_webhook, delete_webhook
from django_report_scheduling.services.webhooks.pings import MAX_PINGS, ping_webhook
from django_report_scheduling.services.webhooks.replays import replay_delivery
from django_report_scheduling.services.webhooks.states import disable_webhook, reactivate_webhook
from tests.factories import NOW, AccountFactory, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def disabled() -> WebhookEndpoint:
    return WebhookEndpointFactory(
        state=WebhookState.DISABLED, state_reason=WebhookStop.FAILURES, consecutive_failures=10
    )


def manager_of(endpoint: WebhookEndpoint) -> object:
    manager = UserFactory()
    roles.grant(account=endpoint.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    return manager


def test_an_administrator_reactivates_and_the_endpoint_has_to_answer_first(send: Send) -> None:
    endpoint = disabled()

    reactivate_webhook(webhook_id=endpoint.pk, actor=UserFactory(is_superuser=True), now=NOW)

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason, endpoint.consecutive_failures) == (WebhookState.PENDING, "", 0)
    send(Delivery.objects.get(event=Event.WEBHOOK_PING))
    endpoint.refresh_from_db()
    assert endpoint.state == WebhookState.ACTIVE


def test_a_manager_does_not_reactivate() -> None:
    endpoint = disabled()

    with pytest.raises(NotPermitted):
        reactivate_webhook(webhook_id=endpoint.pk, actor=manager_of(endpoint), now=NOW)
    endpoint.refresh_from_db()
    assert endpoint.state == WebhookState.DISABLED


def test_only_what_is_disabled_is_reactivated() -> None:
    with pytest.raises(WrongState):
        reactivate_webhook(webhook_id=WebhookEndpointFactory().pk, actor=None, now=NOW)


def test_disabling_by_hand_takes_back_what_waits_and_mails_nobody() -> None:
    delivery = WebhookDeliveryFactory()

    disable_webhook(webhook_id=delivery.webhook_id, actor=None, now=NOW)

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SUPPRESSED
    assert not Delivery.objects.filter(event=Event.WEBHOOK_DISABLED).exists()
    with pytest.raises(WrongState):
        disable_webhook(webhook_id=delivery.webhook_id, actor=None, now=NOW)


def test_a_notice_is_withheld_once_the_webhook_goes_on(send: Send) -> None:
    endpoint = WebhookEndpointFactory(consecutive_failures=9)
    manager = manager_of(endpoint)
    delivery = WebhookDeliveryFactory(webhook=endpoint, report__schedule__account=endpoint.account)
    ScriptedChannel.answers.append(answer(410))
    send(delivery)
    notice = Delivery.objects.get(event=Event.WEBHOOK_DISABLED, target=manager.email)  # type: ignore[attr-defined]

    reactivate_webhook(webhook_id=endpoint.pk, actor=None, now=NOW)

    assert send(notice) == DeliveryStatus.SUPPRESSED


def test_a_disabled_endpoint_is_not_pinged() -> None:
    with pytest.raises(WrongState):
        ping_webhook(webhook_id=disabled().pk, actor=None, now=NOW)


def test_attack_029_pings_of_an_account_are_throttled_whatever_asks_for_them() -> None:
    account = AccountFactory()
    person = UserFactory()
    roles.grant(account=account, holder=person, role=Role.ACCOUNT_MANAGER)

    def create_and_delete() -> None:
        created = create_webhook(
            account_id=account.pk, actor=person, now=NOW, url="https://a.example/", events=["webhook.ping"]
        )
        delete_webhook(webhook_id=created.endpoint.pk, actor=person, now=NOW)

    for _number in range(MAX_PINGS):
        create_and_delete()
    with pytest.raises(Throttled):
        create_and_delete()

    assert not WebhookEndpoint.objects.exists()


def test_attack_029_another_account_and_another_hour_are_not_concerned() -> None:
    endpoint = WebhookEndpointFactory()
    person = manager_of(endpoint)
    for _number in range(MAX_PINGS):
        ping_webhook(webhook_id=endpoint.pk, actor=person, now=NOW)

    other = WebhookEndpointFactory()
    ping_webhook(webhook_id=other.pk, actor=manager_of(other), now=NOW)
    with pytest.raises(Throttled):
        ping_webhook(webhook_id=endpoint.pk, actor=person, now=NOW + WINDOW - dt.timedelta(seconds=1))
    ping_webhook(webhook_id=endpoint.pk, actor=person, now=NOW + WINDOW)


@pytest.mark.parametrize("status", [DeliveryStatus.FAILED, DeliveryStatus.SUPPRESSED, DeliveryStatus.SENT])
def test_attack_046_a_delivery_is_replayed_with_the_same_id_and_all_retries(send: Send, status: DeliveryStatus) -> None:
    delivery = WebhookDeliveryFactory(status=status, attempt=4, failures=4, wake_at=None, sent_at=NOW)

    replay_delivery(webhook_id=delivery.webhook_id, delivery_id=delivery.pk, actor=None, now=NOW)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.failures, delivery.attempt) == (DeliveryStatus.PENDING, 0, 4)
    assert send(delivery) == DeliveryStatus.SENT
    assert ScriptedChannel.sent[0].headers["webhook-id"] == f"msg_{delivery.pk.hex}"


def test_a_delivery_that_is_under_way_is_not_replayed() -> None:
    delivery = WebhookDeliveryFactory()

    with pytest.raises(WrongState):
        replay_delivery(webhook_id=delivery.webhook_id, delivery_id=delivery.pk, actor=None, now=NOW)


def test_a_delivery_of_another_endpoint_is_not_found() -> None:
    delivery = WebhookDeliveryFactory(status=DeliveryStatus.FAILED, wake_at=None)

    with pytest.raises(Delivery.DoesNotExist):
        replay_delivery(webhook_id=WebhookEndpointFactory().pk, delivery_id=delivery.pk, actor=None, now=NOW)


def test_attack_046_replaying_takes_somebody_who_manages_the_account() -> None:
    delivery = WebhookDeliveryFactory(status=DeliveryStatus.FAILED, wake_at=None)

    with pytest.raises(NotPermitted):
        replay_delivery(webhook_id=delivery.webhook_id, delivery_id=delivery.pk, actor=UserFactory(), now=NOW)


def failed_of(endpoint: WebhookEndpoint) -> Delivery:
    delivery: Delivery = WebhookDeliveryFactory(
        webhook=endpoint, report__schedule__account=endpoint.account, status=DeliveryStatus.FAILED, wake_at=None
    )
    return delivery


def test_attack_029_replays_of_an_account_are_throttled_through_whichever_endpoint_and_for_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replays, "MAX_REPLAYS", 3)
    endpoint = WebhookEndpointFactory()
    person, second = manager_of(endpoint), WebhookEndpointFactory(account=endpoint.account)

    def replay(of: WebhookEndpoint, actor: object = person, at: dt.datetime = NOW) -> Delivery:
        failed = failed_of(of)
        return replay_delivery(webhook_id=of.pk, delivery_id=failed.pk, actor=actor, now=at)  # type: ignore[arg-type]

    for each in (endpoint, second, endpoint):
        replay(each)
    with pytest.raises(Throttled, match="3 replays within an hour"):
        replay(second)
    with pytest.raises(Throttled):
        replay(endpoint, at=NOW + WINDOW - dt.timedelta(seconds=1))

    assert Delivery.objects.filter(status=DeliveryStatus.PENDING).count() == 3
    other = WebhookEndpointFactory()
    replay(other, actor=manager_of(other))
    ping_webhook(webhook_id=endpoint.pk, actor=person, now=NOW)
    replay(endpoint, at=NOW + WINDOW)


def test_attack_029_deleting_an_endpoint_gives_no_replays_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "MAX_REPLAYS", 1)
    endpoint = WebhookEndpointFactory()
    person, second = manager_of(endpoint), WebhookEndpointFactory(account=endpoint.account)
    replay_delivery(webhook_id=endpoint.pk, delivery_id=failed_of(endpoint).pk, actor=person, now=NOW)  # type: ignore[arg-type]

    delete_webhook(webhook_id=endpoint.pk, actor=person, now=NOW)  # type: ignore[arg-type]

    with pytest.raises(Throttled):
        replay_delivery(webhook_id=second.pk, delivery_id=failed_of(second).pk, actor=person, now=NOW)  # type: ignore[arg-type]


def test_what_is_refused_does_not_count_as_a_replay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replays, "MAX_REPLAYS", 1)
    endpoint = WebhookEndpointFactory()
    person, waiting = (
        manager_of(endpoint),
        WebhookDeliveryFactory(webhook=endpoint, report__schedule__account=endpoint.account),
    )
    with pytest.raises(WrongState):
        replay_delivery(webhook_id=endpoint.pk, delivery_id=waiting.pk, actor=person, now=NOW)  # type: ignore[arg-type]

    replay_delivery(webhook_id=endpoint.pk, delivery_id=failed_of(endpoint).pk, actor=person, now=NOW)  # type: ignore[arg-type]


def test_pings_are_purged_with_their_attempts_once_they_are_old(send: Send) -> None:
    endpoint = WebhookEndpointFactory()
    old, waiting = (ping_webhook(webhook_id=endpoint.pk, actor=None, now=NOW) for _number in range(2))
    send(old)
    Delivery.objects.update(created_at=NOW - dt.timedelta(days=91))

    list(purge(now=NOW))

    assert list(Delivery.objects.all()) == [waiting]
