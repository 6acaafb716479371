"""Secrets: rotated with an overlap, sealed in their row, and never lost by a change of keys."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.exceptions import NotPermitted, ReceiverFailed
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.services.webhooks.secrets import (
    OVERLAP,
    reseal_secrets,
    rotate_secret,
    signing_secrets,
)
from tests.factories import NOW, UserFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

NEW_KEY = "n" * 40


def rotate(endpoint: WebhookEndpoint, now: dt.datetime = NOW) -> Any:
    return rotate_secret(webhook_id=endpoint.pk, actor=None, now=now)


def test_attack_041_both_secrets_sign_during_the_overlap_and_one_after_it(send: Send) -> None:
    delivery = WebhookDeliveryFactory()
    (old,) = signing_secrets(delivery.webhook, now=NOW)

    endpoint, new = rotate(delivery.webhook)

    endpoint.refresh_from_db()
    assert signing_secrets(endpoint, now=NOW + OVERLAP - dt.timedelta(seconds=1)) == [new, old]
    assert signing_secrets(endpoint, now=NOW + OVERLAP) == [new]
    send(delivery)
    assert ScriptedChannel.sent[0].headers["webhook-signature"].count("v1,") == 2


def test_rotating_takes_somebody_who_manages_the_account() -> None:
    endpoint = WebhookEndpointFactory()

    with pytest.raises(NotPermitted):
        rotate_secret(webhook_id=endpoint.pk, actor=UserFactory(), now=NOW)
    before = endpoint.secret
    endpoint.refresh_from_db()
    assert endpoint.secret == before


def test_attack_040_secrets_move_under_the_newest_key_and_the_old_one_can_go(settings: Settings) -> None:
    endpoint = WebhookEndpointFactory()
    rotate(endpoint)
    endpoint.refresh_from_db()
    before = signing_secrets(endpoint, now=NOW)
    old_keys = settings.REPORT_SCHEDULING["SECRET_KEYS"]

    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "SECRET_KEYS": [NEW_KEY, *old_keys]}
    assert list(reseal_secrets(now=NOW)) == [(1, 0)]
    assert list(reseal_secrets(now=NOW)) == [(0, 0)]
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "SECRET_KEYS": [NEW_KEY]}

    endpoint.refresh_from_db()
    assert signing_secrets(endpoint, now=NOW) == before


def test_attack_040_what_no_key_opens_is_left_alone_and_told(settings: Settings) -> None:
    WebhookEndpointFactory.create_batch(2)
    lost = WebhookEndpointFactory()
    WebhookEndpoint.objects.filter(pk=lost.pk).update(secret="planted")
    old_keys = settings.REPORT_SCHEDULING["SECRET_KEYS"]
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "SECRET_KEYS": [NEW_KEY, *old_keys]}

    assert list(reseal_secrets(now=NOW)) == [(2, 1)]

    lost.refresh_from_db()
    assert lost.secret == "planted"


@pytest.mark.parametrize("change", ["planted", "copied", "flipped"])
def test_attack_039_what_is_not_this_row_s_sealed_secret_signs_nothing(change: str) -> None:
    endpoint = WebhookEndpointFactory()
    sealed = endpoint.secret
    endpoint.secret = {
        "planted": "whsec_" + "A" * 43 + "=",
        "copied": WebhookEndpointFactory().secret,
        "flipped": sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:],
    }[change]

    with pytest.raises(ReceiverFailed) as failed:
        signing_secrets(endpoint, now=NOW)
    assert failed.value.our_fault


def test_attack_039_the_current_secret_does_not_pass_as_the_previous_one() -> None:
    endpoint = WebhookEndpointFactory()
    endpoint.previous_secret, endpoint.previous_secret_expires_at = endpoint.secret, NOW + OVERLAP

    with pytest.raises(ReceiverFailed):
        signing_secrets(endpoint, now=NOW)


def test_a_secret_that_cannot_be_opened_is_replaced_without_an_overlap() -> None:
    endpoint = WebhookEndpointFactory(secret="planted")

    rotated, secret = rotate(endpoint)

    assert signing_secrets(rotated, now=NOW) == [secret]
    assert rotated.previous_secret_expires_at is None
