"""The page behind “Unsubscribe”: attack 064."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import AuditEvent, RecipientConsent
from django_report_scheduling.services.recipients.links import unsubscribe_url
from tests.factories import RecipientConsentFactory

pytestmark = pytest.mark.django_db

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def consent() -> RecipientConsent:
    return RecipientConsentFactory(account__name="Acme & Sons")


@pytest.fixture
def link(consent: RecipientConsent) -> str:
    return unsubscribe_url(consent).removeprefix("https://reports.example.org")


def state_of(consent: RecipientConsent) -> str:
    return RecipientConsent.objects.get(pk=consent.pk).state


@pytest.mark.parametrize("method", ["get", "head"])
def test_attack_064_looking_at_it_changes_nothing(
    method: str, client: Client, link: str, consent: RecipientConsent
) -> None:
    response = getattr(client, method)(link)

    assert response.status_code == 200
    assert state_of(consent) == ConsentState.UNASKED
    assert not AuditEvent.objects.exists()


def test_it_says_whose_reports_to_which_address_would_end(client: Client, link: str) -> None:
    page = client.get(link).content.decode()

    assert "Acme &amp; Sons" in page
    assert "client@customer.example" in page


@pytest.mark.parametrize("content_type", [None, "application/x-www-form-urlencoded"])
def test_attack_064_a_mail_program_unsubscribes_with_one_post_and_no_cookie(
    content_type: str | None, link: str, consent: RecipientConsent
) -> None:
    program = Client(enforce_csrf_checks=True)
    if content_type is None:
        response = program.post(link, ONE_CLICK)  # multipart
    else:
        response = program.post(link, "List-Unsubscribe=One-Click", content_type)

    assert response.status_code == 200
    assert not response.cookies
    assert state_of(consent) == ConsentState.UNSUBSCRIBED


def test_a_person_unsubscribes_and_takes_it_back(client: Client, link: str, consent: RecipientConsent) -> None:
    assert "are sent to" in client.post(link).content.decode()
    assert state_of(consent) == ConsentState.UNSUBSCRIBED

    assert "Thank you" in client.post(link, {"again": "1"}).content.decode()
    assert state_of(consent) == ConsentState.UNASKED
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == [
        "recipient.unsubscribed",
        "recipient.returned",
    ]


def test_who_comes_back_sees_that_it_is_done(client: Client, link: str) -> None:
    client.post(link)

    assert "<h1>Unsubscribed</h1>" in client.get(link).content.decode()


@pytest.mark.parametrize("state", [ConsentState.BOUNCED, ConsentState.COMPLAINED])
def test_attack_065_taking_it_back_does_not_lift_another_suppression(
    state: ConsentState, client: Client, link: str, consent: RecipientConsent
) -> None:
    RecipientConsent.objects.update(state=state)
    client.post(link, {"again": "1"})

    assert state_of(consent) == state


@pytest.mark.parametrize("method", ["get", "post"])
def test_attack_064_a_forged_link_is_no_longer_valid(method: str, client: Client, link: str) -> None:
    for wrong in (f"{link[:-2]}_/", "/reports/unsubscribe/no:such:token/"):
        response = getattr(client, method)(wrong)
        assert response.status_code == 404
        assert "This link does not work" in response.content.decode()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_is_answered(method: str, client: Client, link: str) -> None:
    assert getattr(client, method)(link).status_code == 405


def test_attack_078_a_link_outlives_a_change_of_the_key_through_its_fallback(
    client: Client, link: str, settings: Settings
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert client.get(link).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(link).status_code == 404
