"""A host that lets nobody in without a login still answers people who have none, and programs with tokens."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.services.recipients.links import unsubscribe_url
from tests.factories import RecipientConsentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_needs_a_login(settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]


@pytest.mark.parametrize(
    "path",
    [
        "/reports/confirm/no:such:token/",
        "/reports/download/no:such:token/",
        "/reports/unsubscribe/no:such:token/",
        "/reports/calendar/no-such-token.ics",
        "/api/v1/files/no:such:token/",
    ],
)
def test_an_address_that_is_its_own_permission_needs_no_login(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_attack_064_a_mail_program_unsubscribes_there_too(client: Client) -> None:
    consent = RecipientConsentFactory()
    client.post(unsubscribe_url(consent).removeprefix("https://reports.example.org"), {"List-Unsubscribe": "One-Click"})

    consent.refresh_from_db()
    assert consent.state == ConsentState.UNSUBSCRIBED


def test_the_api_says_by_itself_who_may_come_in(client: Client) -> None:
    assert client.get("/api/v1/reports/").status_code == 401
