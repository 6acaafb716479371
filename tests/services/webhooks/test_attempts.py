"""Attempts at a webhook: signed anew, retried in time, logged, and counted fairly."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook
from svix.webhooks import Webhook as SvixWebhook

from django_report_scheduling.access import roles
from django_report_scheduling.choices import DeliveryStatus, ErrorCode, Event, Role, WebhookState, WebhookStop
from django_report_scheduling.delivery.webhook.outcome import OUR_FAULTS, Outcome, OutcomeCode
from django_report_scheduling.models import AuditEvent, Delivery, DeliveryAttempt, WebhookEndpoint
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.rescue import rescue_deliveries
from django_report_scheduling.services.webhooks.events import queue_ping
from django_report_scheduling.services.webhooks.secrets import signing_secrets
from django_report_scheduling.testing import RecordingChannel
from tests.factories import NOW, GeneratedReportFactory, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

SECOND = dt.timedelta(seconds=1)


def exhaust(delivery: Delivery, send: Send, outcome: Outcome) -> None:
    """Let all attempts at a delivery end the same way."""
    ScriptedChannel.answers.extend([outcome] * 4)
    for _attempt in range(4):
        send(delivery)
    ScriptedChannel.answers.clear()
    assert delivery.status == DeliveryStatus.FAILED


def deliveries(endpoint: WebhookEndpoint, number: int) -> list[Delivery]:
    schedule = WebhookDeliveryFactory(webhook=endpoint, report__schedule__account=endpoint.account).report.schedule
    return [
        WebhookDeliveryFactory(
            webhook=endpoint, report=GeneratedReportFactory(schedule=schedule, succeeded=True, slot=NOW + each * SECOND)
        )
        for each in range(1, number + 1)
    ]


def test_attack_033_what_is_sent_is_what_was_signed_and_the_verifiers_accept_it(send: Send) -> None:
    now = dt.datetime.now(dt.UTC)
    delivery = WebhookDeliveryFactory()

    send(delivery, now)

    (sent,) = ScriptedChannel.sent
    (secret,) = signing_secrets(delivery.webhook, now=now)
    headers = dict(sent.headers)
    assert json.loads(sent.body) == delivery.payload
    assert b"\\u00dcbersicht" in sent.body
    for verifier in (Webhook, SvixWebhook):
        verifier(secret.reveal()).verify(sent.body, headers)  # raises where it does not accept it


def test_attack_045_it_is_tried_again_after_1_10_and_60_seconds_and_a_success_resets_the_count(send: Send) -> None:
    delivery = WebhookDeliveryFactory(webhook__consecutive_failures=3)
    ScriptedChannel.answers.extend([answer(500)] * 3)
    at = NOW

    for wait in (1, 10, 60):
        assert send(delivery, at) == DeliveryStatus.PENDING
        assert delivery.wake_at == at + wait * SECOND
        at = delivery.wake_at
    assert send(delivery, at) == DeliveryStatus.SENT

    delivery.webhook.refresh_from_db()
    assert delivery.webhook.consecutive_failures == 0
    assert at == NOW + 71 * SECOND


def test_attack_035_each_attempt_has_the_same_id_and_body_and_its_own_timestamp(send: Send) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(500))

    send(delivery, NOW)
    send(delivery, NOW + SECOND)

    first, second = ScriptedChannel.sent
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    assert first.body == second.body
    stamps = [int(sent.headers["webhook-timestamp"]) for sent in (first, second)]
    assert stamps == [int(NOW.timestamp()), int(NOW.timestamp()) + 1]


def test_attack_046_after_four_attempts_it_has_failed_and_the_log_shows_them(send: Send) -> None:
    delivery = WebhookDeliveryFactory()

    exhaust(delivery, send, answer(500, duration=0.2))

    assert len(ScriptedChannel.sent) == 4
    assert (delivery.error_code, delivery.error_message) == (
        ErrorCode.CHANNEL_UNAVAILABLE,
        "The receiver answered with 500.",
    )
    log = DeliveryAttempt.objects.filter(delivery=delivery).order_by("number")
    assert [(each.number, each.outcome, each.answer) for each in log] == [
        (number, "http_status", 500) for number in (1, 2, 3, 4)
    ]


def test_a_success_is_logged_too(send: Send) -> None:
    delivery = WebhookDeliveryFactory()

    send(delivery)

    log = DeliveryAttempt.objects.get()
    assert (log.delivery_id, log.number, log.outcome, log.answer) == (delivery.pk, 1, "delivered", 204)


def test_attack_044_log_lines_name_the_endpoint_and_neither_url_nor_secret_nor_payload(
    send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = WebhookDeliveryFactory(webhook__url="https://hooks.customer.example/in?token=t0ken")
    ScriptedChannel.answers.append(answer(500))

    with caplog.at_level(logging.DEBUG):
        send(delivery)
        send(delivery)

    assert str(delivery.webhook_id) in caplog.text
    for private in ("t0ken", "whsec_", "Übersicht", "v1,"):
        assert private not in caplog.text


def test_attack_047_ten_exhausted_deliveries_in_a_row_disable_the_endpoint_once(send: Send) -> None:
    owner, manager = UserFactory(), UserFactory()
    endpoint = WebhookEndpointFactory(created_by=owner, consecutive_failures=9)
    roles.grant(account=endpoint.account, holder=owner, role=Role.CLIENT)
    roles.grant(account=endpoint.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    last, waiting = deliveries(endpoint, 2)

    exhaust(last, send, answer(500))

    endpoint.refresh_from_db()
    waiting.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason) == (WebhookState.DISABLED, WebhookStop.FAILURES)
    assert waiting.status == DeliveryStatus.SUPPRESSED
    assert AuditEvent.objects.filter(verb="webhook.disabled", object_id=str(endpoint.pk)).count() == 1
    notices = Delivery.objects.filter(event=Event.WEBHOOK_DISABLED)
    assert set(notices.values_list("target", flat=True)) == {owner.email, manager.email}
    for notice in notices:
        assert send(notice) == DeliveryStatus.SENT
    assert RecordingChannel.requests[0].reason == "Too many deliveries in a row failed."


def test_attack_048_nine_failures_a_success_and_nine_failures_leave_it_active(send: Send) -> None:
    endpoint = WebhookEndpointFactory()
    many = deliveries(endpoint, 19)

    for number, delivery in enumerate(many):
        if number == 9:
            send(delivery)
        else:
            exhaust(delivery, send, answer(500))

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.consecutive_failures) == (WebhookState.ACTIVE, 9)


@pytest.mark.parametrize("code", sorted(OUR_FAULTS))
def test_attack_049_our_own_faults_never_count_and_raise_the_alarm(
    send: Send, code: OutcomeCode, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = WebhookEndpointFactory(consecutive_failures=9)
    (delivery,) = deliveries(endpoint, 1)

    exhaust(delivery, send, Outcome(code=code))

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.consecutive_failures) == (WebhookState.ACTIVE, 9)
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


def test_attack_050_gone_disables_at_once(send: Send) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(410))

    assert send(delivery) == DeliveryStatus.FAILED

    delivery.webhook.refresh_from_db()
    assert (delivery.webhook.state, delivery.webhook.state_reason) == (WebhookState.DISABLED, WebhookStop.GONE)


@pytest.mark.parametrize(
    ("status", "asked", "waited"),
    [(429, 30, 30), (503, 30, 30), (503, 10**6, 900), (429, 0.2, 1), (500, 30, 1)],
)
def test_attack_050_a_receiver_may_ask_for_patience_up_to_a_cap(
    send: Send, status: int, asked: float, waited: int
) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(status, retry_after=asked))

    send(delivery)

    assert delivery.wake_at == NOW + waited * SECOND


def test_attack_001_an_address_that_is_not_public_fails_with_a_code_only(send: Send) -> None:
    delivery = WebhookDeliveryFactory()

    exhaust(delivery, send, Outcome(code=OutcomeCode.ADDRESS_NOT_PUBLIC))

    assert delivery.error_message == "The host name leads to an address that is not public."
    assert {each.outcome for each in DeliveryAttempt.objects.all()} == {"address_not_public"}


def test_attack_030_a_worker_that_dies_is_made_up_for_once_with_the_same_id(send: Send) -> None:
    delivery = WebhookDeliveryFactory(
        attempt=1, status=DeliveryStatus.SENDING, wake_at=NOW - SECOND, queued_at=NOW - SECOND
    )

    assert rescue_deliveries(now=NOW, limit=10) == 1
    assert rescue_deliveries(now=NOW, limit=10) == 0

    delivery.refresh_from_db()
    assert send(delivery) == DeliveryStatus.SENT
    assert [sent.headers["webhook-id"] for sent in ScriptedChannel.sent] == [f"msg_{delivery.pk.hex}"]


def test_attack_052_of_two_messages_for_one_delivery_the_second_sends_nothing() -> None:
    delivery = WebhookDeliveryFactory()

    deliver(delivery_id=delivery.pk, attempt=0, clock=lambda: NOW)
    assert deliver(delivery_id=delivery.pk, attempt=0, clock=lambda: NOW) is None

    assert len(ScriptedChannel.sent) == 1


def _disabled(delivery: Delivery) -> None:
    WebhookEndpoint.objects.update(state=WebhookState.DISABLED, state_reason=WebhookStop.BY_HAND)


def _unsubscribed(delivery: Delivery) -> None:
    WebhookEndpoint.objects.update(events=["report.failed"])


def _account_closed(delivery: Delivery) -> None:
    account = delivery.account
    account.active = False
    account.save()


def _unanswered(delivery: Delivery) -> None:
    WebhookEndpoint.objects.update(state=WebhookState.PENDING)


@pytest.mark.parametrize("change", [_disabled, _unsubscribed, _account_closed, _unanswered])
def test_attack_056_what_allowed_a_delivery_is_asked_again_when_sending(send: Send, change: Any) -> None:
    delivery = WebhookDeliveryFactory()
    change(delivery)

    assert send(delivery) == DeliveryStatus.SUPPRESSED
    assert delivery.error_message
    assert not ScriptedChannel.sent


def test_an_answered_ping_activates_a_waiting_endpoint_and_may_take_ten_seconds(send: Send) -> None:
    endpoint = WebhookEndpointFactory(state=WebhookState.PENDING)

    send(queue_ping(endpoint, now=NOW))

    endpoint.refresh_from_db()
    assert endpoint.state == WebhookState.ACTIVE
    assert ScriptedChannel.sent[0].seconds == 10


def test_a_ping_that_fails_counts_for_nothing(send: Send) -> None:
    endpoint = WebhookEndpointFactory(consecutive_failures=9)

    exhaust(queue_ping(endpoint, now=NOW), send, answer(500))

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.consecutive_failures) == (WebhookState.ACTIVE, 9)


def test_attack_039_a_secret_that_was_copied_signs_nothing_and_is_nobody_s_failure(send: Send) -> None:
    delivery = WebhookDeliveryFactory(webhook__consecutive_failures=9)
    stolen = WebhookEndpointFactory().secret
    WebhookEndpoint.objects.filter(pk=delivery.webhook_id).update(secret=stolen)

    for _attempt in range(4):
        send(delivery)

    assert not ScriptedChannel.sent
    assert (delivery.status, DeliveryAttempt.objects.first().outcome) == ("failed", "secret_unavailable")
    delivery.webhook.refresh_from_db()
    assert delivery.webhook.state == WebhookState.ACTIVE


def test_a_channel_that_was_taken_out_of_the_settings_may_come_back(send: Send, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "CHANNELS": {}}
    delivery = WebhookDeliveryFactory()

    assert send(delivery) == DeliveryStatus.PENDING
    assert delivery.wake_at == NOW + 60 * SECOND


def test_a_channel_that_breaks_is_our_fault(send: Send, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {"webhook": {"BACKEND": "tests.recording_channel.RaisingChannel"}},
        "DELIVERY_RETRY_DELAYS": (),
    }
    delivery = WebhookDeliveryFactory(webhook__consecutive_failures=9)

    assert send(delivery) == DeliveryStatus.FAILED
    delivery.webhook.refresh_from_db()
    assert delivery.webhook.state == WebhookState.ACTIVE
