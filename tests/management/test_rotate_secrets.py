"""``rotate-secrets`` brings all secrets under the newest key."""

from __future__ import annotations

import pytest
from django.core.management.base import CommandError
from pytest_django import Settings

from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.services.webhooks.secrets import signing_secrets
from tests.extras import needs_webhooks
from tests.factories import NOW, WebhookEndpointFactory
from tests.management.conftest import Run

pytestmark = [needs_webhooks, pytest.mark.django_db]

NEW_KEY = "n" * 40


def put_first(settings: Settings, *keys: str) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "SECRET_KEYS": [*keys, *settings.REPORT_SCHEDULING["SECRET_KEYS"]],
    }


def test_attack_040_it_counts_and_doing_it_again_changes_nothing(run: Run, settings: Settings) -> None:
    endpoints = WebhookEndpointFactory.create_batch(3)
    put_first(settings, NEW_KEY)

    assert run("rotate-secrets").out == "3 of 3 webhooks were encrypted anew with the newest key.\n"
    assert run("rotate-secrets").out == "0 of 3 webhooks were encrypted anew with the newest key.\n"

    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "SECRET_KEYS": [NEW_KEY]}
    for endpoint in endpoints:
        endpoint.refresh_from_db()
        assert signing_secrets(endpoint, now=NOW)


def test_what_cannot_be_opened_is_counted_and_makes_it_fail(run: Run, settings: Settings) -> None:
    WebhookEndpointFactory()
    WebhookEndpoint.objects.update(secret="planted")

    with pytest.raises(CommandError, match="1 webhooks cannot be opened"):
        run("rotate-secrets")


def test_progress_is_shown_on_a_terminal(run: Run, settings: Settings) -> None:
    WebhookEndpointFactory()
    put_first(settings, NEW_KEY)

    assert "\r1 webhooks changed …" in run("rotate-secrets", terminal=True).err


def test_without_a_key_it_says_how_to_make_one(run: Run, settings: Settings) -> None:
    WebhookEndpointFactory()
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "SECRET_KEYS": []}

    with pytest.raises(CommandError, match="token_urlsafe"):
        run("rotate-secrets")
