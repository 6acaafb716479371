"""From a request to one POST, and from its outcome to what the services make of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import DeliveryRequest, HttpMessage, Receipt
from django_report_scheduling.delivery.webhook.outcome import OUR_FAULTS, Outcome, OutcomeCode
from django_report_scheduling.exceptions import DeliveryError, DeliveryWithheld, InvalidWebhookUrl, ReceiverFailed
from tests.delivery.requests import delivery_request
from tests.webhook_channel import ScriptedChannel, answer

NOW = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def script() -> Iterator[None]:
    ScriptedChannel.answers.clear()
    ScriptedChannel.sent.clear()
    yield
    ScriptedChannel.answers.clear()


def request(**fields: Any) -> DeliveryRequest:
    message = HttpMessage(url="https://a.example/?token=t", body=b"{}", headers={"webhook-id": "msg_1"}, now=NOW)
    return delivery_request(**{"message": message, **fields})


def failure(outcome: Outcome) -> ReceiverFailed:
    ScriptedChannel.answers.append(outcome)
    with pytest.raises(ReceiverFailed) as failed:
        ScriptedChannel().deliver(request())
    return failed.value


def test_it_posts_what_it_is_given_and_returns_what_was_answered() -> None:
    ScriptedChannel.answers.append(answer(202))

    assert ScriptedChannel().deliver(request()) == Receipt(outcome="delivered", answer=202)
    (sent,) = ScriptedChannel.sent
    assert (sent.url, sent.body, sent.headers, sent.now) == (
        "https://a.example/?token=t",
        b"{}",
        {"webhook-id": "msg_1"},
        NOW,
    )


def test_the_target_is_asked_about_right_before_it_posts() -> None:
    def object_now() -> None:
        raise DeliveryWithheld

    with pytest.raises(DeliveryWithheld):
        ScriptedChannel().deliver(request(confirm=object_now))
    assert not ScriptedChannel.sent


def test_attack_029_a_ping_gets_ten_seconds_and_an_event_the_configured_time(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"WEBHOOK_TIMEOUT": 20}

    for event in (Event.WEBHOOK_PING, Event.REPORT_FAILED):
        ScriptedChannel().deliver(request(event=event))

    assert [sent.seconds for sent in ScriptedChannel.sent] == [10, 20]


def test_an_attempt_is_over_long_before_the_lease_is(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"LEASE": 20}

    ScriptedChannel().deliver(request())

    assert [sent.seconds for sent in ScriptedChannel.sent] == [10]


def test_attack_050_410_is_the_end() -> None:
    failed = failure(answer(410))

    assert (failed.gone, failed.permanent, failed.answer) == (True, True, 410)


def test_an_address_that_is_refused_is_not_tried_again() -> None:
    assert failure(Outcome(code=OutcomeCode.URL_REFUSED)).permanent


@pytest.mark.parametrize("status", [300, 400, 404, 500, 503])
def test_attack_016_every_other_answer_is_a_failure_that_may_pass(status: int) -> None:
    failed = failure(answer(status))

    assert (failed.permanent, failed.gone, failed.outcome) == (False, False, "http_status")
    assert str(failed) == f"The receiver answered with {status}."


@pytest.mark.parametrize(("status", "kept"), [(429, 7), (503, 7), (500, None), (301, None)])
def test_attack_050_only_those_who_may_ask_for_patience_get_it(status: int, kept: float | None) -> None:
    assert failure(answer(status, retry_after=7)).retry_after == kept


@pytest.mark.parametrize("code", sorted(set(OutcomeCode) - {OutcomeCode.DELIVERED, OutcomeCode.HTTP_STATUS}))
def test_attack_028_a_failure_tells_a_code_and_its_sentence_and_who_is_to_blame(code: OutcomeCode) -> None:
    failed = failure(Outcome(code=code))

    assert (failed.outcome, str(failed)) == (code.value, f"{code.label}.")
    assert failed.our_fault == (code in OUR_FAULTS)


def test_a_request_without_a_message_is_refused() -> None:
    with pytest.raises(DeliveryError) as failed:
        ScriptedChannel().deliver(request(message=None))
    assert failed.value.permanent


def test_attack_042_the_request_shows_neither_url_nor_body_nor_signature() -> None:
    assert "token" not in repr(request())
    assert "msg_1" not in repr(request())


def test_attack_014_ports_are_an_option() -> None:
    with pytest.raises(InvalidWebhookUrl):
        ScriptedChannel().normalise_target("https://a.example:8443/")
    assert ScriptedChannel(ports=[443, 8443]).normalise_target("https://A.example:8443") == "https://a.example:8443/"


def test_attack_015_the_host_of_the_storage_is_refused(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "x", "OPTIONS": {"endpoint_url": "https://s3.ours.example:9000"}},
    }

    with pytest.raises(InvalidWebhookUrl):
        ScriptedChannel().normalise_target("https://s3.ours.example/")
