"""What mail services tell Anymail, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.contrib.anymail.tracking import heed
from tests.factories import RecipientConsentFactory

pytest.importorskip("anymail", reason="Anymail is the host's choice")
from anymail.signals import AnymailTrackingEvent, tracking

pytestmark = pytest.mark.django_db
APP = "django_report_scheduling.contrib.anymail"


def told(**event: Any) -> ConsentState:
    consent = RecipientConsentFactory()
    heed(object(), AnymailTrackingEvent(**{"recipient": "Client@customer.example", **event}), "Test")
    consent.refresh_from_db()
    return ConsentState(consent.state)


@pytest.mark.parametrize(
    ("event_type", "reason", "state"),
    [
        ("bounced", "bounced", ConsentState.BOUNCED),
        ("bounced", "invalid", ConsentState.BOUNCED),
        ("rejected", "bounced", ConsentState.BOUNCED),
        ("rejected", "unsubscribed", ConsentState.UNSUBSCRIBED),
        ("rejected", "spam", ConsentState.COMPLAINED),
        ("complained", None, ConsentState.COMPLAINED),
        ("complained", "spam", ConsentState.COMPLAINED),
        ("unsubscribed", None, ConsentState.UNSUBSCRIBED),
        ("bounced", "timed_out", ConsentState.UNASKED),
        ("bounced", "blocked", ConsentState.UNASKED),
        ("bounced", "other", ConsentState.UNASKED),
        ("bounced", None, ConsentState.UNASKED),
        ("deferred", "bounced", ConsentState.UNASKED),
        ("delivered", None, ConsentState.UNASKED),
        ("opened", None, ConsentState.UNASKED),
    ],
)
def test_what_a_mail_service_says_of_a_mailbox_is_heeded(event_type: str, reason: str | None, state: str) -> None:
    assert told(event_type=event_type, reject_reason=reason) == state


def test_an_event_that_names_no_mailbox_changes_nothing() -> None:
    assert told(event_type="complained", recipient=None) == ConsentState.UNASKED


@pytest.fixture
def installed(settings: Settings) -> Iterator[None]:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "anymail", APP]
    yield
    tracking.disconnect(dispatch_uid=APP)


@pytest.mark.usefixtures("installed")
def test_a_bounce_comes_from_the_service_through_anymail_to_the_address(settings: Settings, client: Client) -> None:
    consent = RecipientConsentFactory()
    settings.ROOT_URLCONF = "anymail.urls"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:password"}
    bounce = {
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "Email": consent.address, "MessageID": "1",
        "BouncedAt": "2026-03-02T08:00:00Z", "Description": "The server was unable to deliver.", "ID": 1,
    }  # fmt: skip

    response = client.post(
        "/postmark/tracking/",
        json.dumps(bounce),
        "application/json",
        headers={"authorization": "Basic dXNlcjpwYXNzd29yZA=="},
    )

    assert response.status_code == 200
    consent.refresh_from_db()
    assert consent.state == ConsentState.BOUNCED


def test_without_anymail_the_app_says_what_to_install(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setitem(__import__("sys").modules, "anymail.signals", None)

    with pytest.raises(ImproperlyConfigured, match="pip install django-anymail"):
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, APP]
    assert not apps.is_installed(APP)
