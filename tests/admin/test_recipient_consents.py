"""What people have said, in the admin: looked at, and never edited."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from django_report_scheduling.access import roles
from django_report_scheduling.choices import ConsentState, Role
from django_report_scheduling.models import Delivery, RecipientConsent
from tests.admin.staff import browser, choose, page, staff, told
from tests.factories import NOW, RecipientConsentFactory

pytestmark = pytest.mark.django_db


def operator(consent: RecipientConsent, *codenames: str) -> AbstractUser:
    person = staff("view_recipientconsent", *codenames)
    roles.grant(account=consent.account, holder=person, role=Role.ACCOUNT_MANAGER)
    return person


def ask(person: Any, consent: RecipientConsent) -> Any:
    return choose(browser(person), "recipientconsent", "ask", consent)


def test_attack_107_staff_see_the_addresses_of_accounts_they_manage() -> None:
    mine = RecipientConsentFactory(address="mine@customer.example", nonce="a canary", asked_at=NOW)
    foreign = RecipientConsentFactory(address="foreign@customer.example")
    client = browser(operator(mine))

    text = client.get(page("recipientconsent_changelist")).content.decode()
    assert "mine@customer.example" in text
    assert "foreign@customer.example" not in text
    assert client.get(page("recipientconsent_change", foreign.pk)).status_code == 302
    assert "a canary" not in text + client.get(page("recipientconsent_change", mine.pk)).content.decode()


def test_attack_065_nobody_edits_what_somebody_has_said() -> None:
    consent = RecipientConsentFactory(state=ConsentState.UNSUBSCRIBED)
    client = browser(operator(consent, *(f"{verb}_recipientconsent" for verb in ("add", "change", "delete"))))

    client.post(page("recipientconsent_change", consent.pk), {"state": "confirmed"})
    client.post(page("recipientconsent_delete", consent.pk), {"post": "yes"})
    client.post(page("recipientconsent_add"), {"address": "x@customer.example", "account": consent.account_id})

    assert list(RecipientConsent.objects.values_list("pk", "state")) == [(consent.pk, "unsubscribed")]


def test_attack_110_asking_needs_the_permission_to_change() -> None:
    consent = RecipientConsentFactory()
    ask(operator(consent), consent)
    assert not Delivery.objects.exists()

    answer = ask(operator(consent, "change_recipientconsent"), consent)
    assert "Done: 1." in told(answer)
    assert [delivery.target for delivery in Delivery.objects.all()] == [consent.address]


def test_who_has_confirmed_is_not_asked_and_the_person_is_told() -> None:
    consent = RecipientConsentFactory(state=ConsentState.CONFIRMED)

    answer = ask(operator(consent, "change_recipientconsent"), consent)

    assert "confirmed already" in str(told(answer))
