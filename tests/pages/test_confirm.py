"""The page behind the link by which somebody agrees to receive reports: attack 061."""

from __future__ import annotations

import pytest
from django.test import Client

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import AuditEvent, RecipientConsent
from django_report_scheduling.services.recipients.links import confirmation_url
from tests.factories import NOW, RecipientConsentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consent() -> RecipientConsent:
    return RecipientConsentFactory(state=ConsentState.ASKED, nonce="once", asked_at=NOW)


@pytest.fixture
def link(consent: RecipientConsent) -> str:
    return confirmation_url(consent).removeprefix("https://reports.example.org")


def state_of(consent: RecipientConsent) -> str:
    return RecipientConsent.objects.get(pk=consent.pk).state


@pytest.mark.parametrize("method", ["get", "head"])
def test_attack_061_a_scanner_of_mail_confirms_nothing(
    method: str, client: Client, link: str, consent: RecipientConsent
) -> None:
    assert getattr(client, method)(link).status_code == 200
    assert state_of(consent) == ConsentState.ASKED
    assert not AuditEvent.objects.exists()


def test_attack_061_a_post_confirms_once(link: str, consent: RecipientConsent) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert "Thank you" in browser.post(link).content.decode()
    assert state_of(consent) == ConsentState.CONFIRMED
    for method in (browser.get, browser.post):
        response = method(link)
        assert response.status_code == 404
        assert "This link does not work" in response.content.decode()


def test_attack_061_a_forged_link_is_answered_as_a_used_one(client: Client, link: str) -> None:
    client.post(link)
    used, forged = client.get(link), client.get("/reports/confirm/no:such:token/")

    assert (used.status_code, used.content, used.headers) == (forged.status_code, forged.content, forged.headers)
