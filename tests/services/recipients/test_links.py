"""Links for people without a login: each good for one thing alone."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core import signing
from pytest_django import Settings

from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.models.identifiers import new_id
from django_report_scheduling.services.recipients.links import (
    CONFIRM_SALT,
    UNSUBSCRIBE_SALT,
    confirmation_url,
    confirming,
    unsubscribe_url,
    unsubscribing,
)
from tests.factories import NOW

HOST = "https://reports.example.org/reports"


@pytest.fixture
def consent() -> RecipientConsent:
    return RecipientConsent(address="jane@customer.example", nonce="once")


def token(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_a_link_leads_to_this_site_and_back_to_its_row(consent: RecipientConsent) -> None:
    leaving, agreeing = unsubscribe_url(consent), confirmation_url(consent)

    assert leaving.startswith(f"{HOST}/unsubscribe/")
    assert agreeing.startswith(f"{HOST}/confirm/")
    assert unsubscribing(token(leaving)) == consent.pk
    claim = confirming(token(agreeing))
    assert claim is not None
    assert (claim.consent_id, claim.nonce) == (consent.pk, "once")


def test_no_link_holds_an_address(consent: RecipientConsent) -> None:
    for url in (unsubscribe_url(consent), confirmation_url(consent)):
        content = token(url).partition(":")[0]
        assert b"customer" not in base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))


def test_attack_061_attack_078_a_link_for_one_purpose_is_none_for_another(consent: RecipientConsent) -> None:
    assert confirming(token(unsubscribe_url(consent))) is None
    assert unsubscribing(token(confirmation_url(consent))) is None


def test_attack_061_a_confirmation_link_lives_72_hours(consent: RecipientConsent) -> None:
    with time_machine.travel(NOW, tick=False):
        agreeing = token(confirmation_url(consent))

    with time_machine.travel(NOW + dt.timedelta(hours=72), tick=False):
        assert confirming(agreeing) is not None
    with time_machine.travel(NOW + dt.timedelta(hours=72, seconds=2), tick=False):
        assert confirming(agreeing) is None


def test_an_unsubscribe_link_works_for_ever(consent: RecipientConsent) -> None:
    with time_machine.travel(NOW, tick=False):
        leaving = token(unsubscribe_url(consent))

    with time_machine.travel(NOW + dt.timedelta(days=3650), tick=False):
        assert unsubscribing(leaving) == consent.pk


@pytest.mark.parametrize("claim", [None, 7, "x", "", [], {}, [1, 2], ["x", "y"], [str(new_id())], [str(new_id()), ""]])
def test_a_signed_claim_of_another_shape_is_none(claim: Any) -> None:
    assert confirming(signing.dumps(claim, salt=CONFIRM_SALT)) is None
    assert unsubscribing(signing.dumps(claim, salt=UNSUBSCRIBE_SALT)) is None


def test_attack_064_a_forged_link_is_none(consent: RecipientConsent) -> None:
    forged = token(unsubscribe_url(consent))[:-1] + "_"

    assert unsubscribing(forged) is None
    assert unsubscribing("no:such:token") is None


@pytest.mark.parametrize("changes", [{"BASE_URL": ""}, None])
def test_without_an_address_or_the_pages_of_this_site_there_are_no_links(
    changes: dict[str, str] | None, consent: RecipientConsent, settings: Settings
) -> None:
    if changes is None:
        settings.ROOT_URLCONF = "tests.api.downloads.nested_urls"
    else:
        settings.REPORT_SCHEDULING = changes

    assert (unsubscribe_url(consent), confirmation_url(consent)) == ("", "")
