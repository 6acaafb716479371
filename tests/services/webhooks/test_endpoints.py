"""Setting endpoints up, changing and deleting them."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.access import roles
from django_report_scheduling.choices import DeliveryStatus, Event, Role, WebhookState, WebhookStop
from django_report_scheduling.exceptions import LimitReached, NotPermitted, ValidationFailed, WrongState
from django_report_scheduling.models import AuditEvent, Delivery, WebhookEndpoint
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.schedules import delete_schedule
from django_report_scheduling.services.webhooks.endpoints import create_webhook, delete_webhook, update_webhook
from django_report_scheduling.services.webhooks.secrets import signing_secrets
from tests.factories import NOW, AccountFactory, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "https://hooks.customer.example/in?token=t"


def create(**fields: Any) -> Any:
    account = fields.pop("account", None) or AccountFactory()
    given = {"url": URL, "events": ["report.failed"], "actor": None, **fields}
    return create_webhook(account_id=account.pk, now=NOW, **given)


def test_a_new_endpoint_waits_for_its_first_answer_and_has_a_ping_queued() -> None:
    endpoint = create().endpoint

    assert (endpoint.state, endpoint.active) == (WebhookState.PENDING, False)
    ping = Delivery.objects.get(webhook=endpoint)
    assert (ping.event, ping.channel, ping.status) == (Event.WEBHOOK_PING, "webhook", DeliveryStatus.PENDING)


def test_the_secret_is_returned_once_and_stored_sealed() -> None:
    secret = create().secret

    stored = WebhookEndpoint.objects.get()
    assert secret.reveal().startswith("whsec_")
    assert secret.reveal() not in stored.secret
    assert signing_secrets(stored, now=NOW) == [secret]


def test_attack_043_two_endpoints_of_one_account_have_different_secrets() -> None:
    account = AccountFactory()

    assert create(account=account).secret != create(account=account).secret


def test_its_account_has_to_be_managed_at_this_moment() -> None:
    client = UserFactory()
    account = AccountFactory()
    roles.grant(account=account, holder=client, role=Role.CLIENT)

    with pytest.raises(NotPermitted):
        create(account=account, actor=client)
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://hooks.customer.example/"},
        {"url": "https://127.0.0.1/"},
        {"url": "https://localhost/"},
        {"url": "https://testserver.example:8443/"},
        {"url": 5},
        {"events": []},
        {"events": ["report.succeeded", "schedule.paused"]},
        {"events": "report.succeeded"},
        {"description": "x" * 201},
        {"description": "two\nlines"},
        {"secret": "whsec_" + "A" * 43 + "="},
    ],
)
def test_attack_009_what_is_not_valid_is_refused_whole(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        create(**fields)

    assert set(refused.value.errors) == set(fields)
    assert not WebhookEndpoint.objects.exists()
    assert not Delivery.objects.exists()


def test_attack_015_our_own_hosts_are_refused(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".ours.example"]

    for host in ("api.ours.example", "reports.example.org"):  # the second is that of BASE_URL
        with pytest.raises(ValidationFailed):
            create(url=f"https://{host}/")


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(ValidationFailed) as refused:
        create(url="ftp://x", events=["nothing"], description=5)

    assert set(refused.value.errors) == {"url", "events", "description"}


def test_attack_051_the_eleventh_is_refused_and_disabled_ones_count() -> None:
    account = AccountFactory()
    WebhookEndpointFactory.create_batch(9, account=account)
    WebhookEndpointFactory(account=account, state=WebhookState.DISABLED, state_reason=WebhookStop.FAILURES)

    with pytest.raises(LimitReached, match="10"):
        create(account=account)
    create()


def test_an_inactive_account_gets_none() -> None:
    with pytest.raises(WrongState, match="inactive"):
        create(account=AccountFactory(active=False))


@pytest.mark.parametrize("missing", ["SECRET_KEYS", "CHANNELS"])
def test_a_site_that_is_not_set_up_for_webhooks_has_none(settings: Settings, missing: str) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, missing: {}}

    with pytest.raises(WrongState, match="SECRET_KEYS"):
        create()


def test_description_and_events_change_without_a_new_ping() -> None:
    endpoint = WebhookEndpointFactory()

    updated, secret = update_webhook(
        webhook_id=endpoint.pk, actor=None, now=NOW, events=["report.skipped"], description=" Billing "
    )

    assert (updated.events, updated.description, updated.state) == (["report.skipped"], "Billing", WebhookState.ACTIVE)
    assert secret is None
    assert not Delivery.objects.exists()


def test_attack_031_another_host_gets_a_fresh_secret_and_has_to_answer_a_ping() -> None:
    endpoint = WebhookEndpointFactory()
    old = signing_secrets(endpoint, now=NOW)

    updated, secret = update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url="https://other.example/in")

    assert updated.state == WebhookState.PENDING
    assert signing_secrets(updated, now=NOW) == [secret]
    assert secret not in old
    assert Delivery.objects.get().event == Event.WEBHOOK_PING


def test_another_path_of_the_same_host_keeps_the_secret_and_has_to_answer_a_ping() -> None:
    endpoint = WebhookEndpointFactory()

    updated, secret = update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url=f"{endpoint.url}/v2")

    assert (updated.state, secret, updated.secret) == (WebhookState.PENDING, None, endpoint.secret)


def test_attack_031_another_url_is_fully_validated() -> None:
    endpoint = WebhookEndpointFactory()

    with pytest.raises(ValidationFailed):
        update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url="https://10.0.0.1/")


def test_what_waits_for_the_old_url_is_not_sent_to_the_new_one() -> None:
    delivery = WebhookDeliveryFactory()

    update_webhook(webhook_id=delivery.webhook_id, actor=None, now=NOW, url="https://other.example/in")

    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SUPPRESSED


def test_the_answer_of_the_old_url_does_not_activate_the_new_one(send: Send) -> None:
    endpoint = create().endpoint
    ping = Delivery.objects.get()

    def move_away() -> None:
        update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url="https://other.example/in")

    ScriptedChannel.meanwhile = move_away
    send(ping)

    endpoint.refresh_from_db()
    assert (ping.status, endpoint.state) == (DeliveryStatus.SENT, WebhookState.PENDING)


def test_the_url_of_a_disabled_endpoint_stays() -> None:
    endpoint = WebhookEndpointFactory(state=WebhookState.DISABLED, state_reason=WebhookStop.GONE)

    with pytest.raises(WrongState):
        update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url="https://other.example/in")
    endpoint.refresh_from_db()
    assert endpoint.state == WebhookState.DISABLED


def test_attack_056_nothing_is_sent_after_an_endpoint_is_deleted() -> None:
    delivery = WebhookDeliveryFactory()
    pk, attempt = delivery.pk, delivery.attempt

    delete_webhook(webhook_id=delivery.webhook_id, actor=None, now=NOW)

    assert deliver(delivery_id=pk, attempt=attempt, clock=lambda: NOW) is None
    assert not ScriptedChannel.sent
    assert AuditEvent.objects.filter(verb="webhook.deleted").exists()


def test_attack_056_nothing_is_sent_after_the_schedule_is_deleted(send: Send) -> None:
    delivery = WebhookDeliveryFactory()
    about_schedule = WebhookDeliveryFactory(
        report=None,
        schedule=delivery.report.schedule,
        webhook=delivery.webhook,
        event=Event.SCHEDULE_REACTIVATED,
    )

    delete_schedule(schedule_id=delivery.report.schedule_id, actor=None, now=NOW)

    for each in (delivery, about_schedule):
        assert send(each) is None
        assert each.status == DeliveryStatus.SUPPRESSED
    assert not ScriptedChannel.sent


def test_attack_117_each_change_is_recorded_without_secret_and_url() -> None:
    endpoint = create(actor=None).endpoint
    update_webhook(webhook_id=endpoint.pk, actor=None, now=NOW, url="https://other.example/in?token=u")

    events = AuditEvent.objects.filter(object_id=str(endpoint.pk))
    assert set(events.values_list("verb", flat=True)) == {"webhook.created", "webhook.updated"}
    text = str(list(events.values_list("data", flat=True)))
    assert "other.example" in text
    assert "token" not in text
    assert "whsec_" not in text


def test_attack_056_nothing_is_sent_once_an_account_is_being_deleted(report_storage: object) -> None:
    delivery = WebhookDeliveryFactory()
    ping = WebhookDeliveryFactory(report=None, webhook=delivery.webhook, event=Event.WEBHOOK_PING)

    delete_account(account_id=delivery.account_id, actor=None, now=NOW)

    assert not WebhookEndpoint.objects.exists()
    assert not Delivery.objects.exists()
    suppressed = AuditEvent.objects.filter(verb="delivery.suppressed").values_list("object_id", flat=True)
    assert set(suppressed) == {str(delivery.pk), str(ping.pk)}
