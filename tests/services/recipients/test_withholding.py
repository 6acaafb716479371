"""Who may receive what, as far as the person at the address has a say."""

from __future__ import annotations

import pytest

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import SUPPRESSED_STATES, ConsentState, Role
from django_report_scheduling.services.recipients.withholding import SUPPRESSED, reason_against_address
from tests.factories import AccountFactory, RecipientConsentFactory, UserFactory

pytestmark = pytest.mark.django_db

INSIDE, OUTSIDE = "client@customer.example", "stranger@elsewhere.example"


def reason(state: ConsentState | None, address: str) -> str:
    account = AccountFactory()
    if state is not None:
        RecipientConsentFactory(account=account, address=address, state=state)
    return reason_against_address(account, address)


@pytest.mark.parametrize("state", [None, ConsentState.UNASKED, ConsentState.ASKED, ConsentState.CONFIRMED])
def test_an_address_that_the_policy_allows_needs_no_consent(state: ConsentState | None) -> None:
    assert reason(state, INSIDE) == ""


@pytest.mark.parametrize("state", SUPPRESSED_STATES)
def test_attack_065_nothing_goes_to_an_address_that_is_suppressed_though_the_policy_allows_it(
    state: ConsentState,
) -> None:
    assert reason(state, INSIDE) == SUPPRESSED[state]


@pytest.mark.parametrize("spelling", ["Client@customer.example", "CLIENT@CUSTOMER.EXAMPLE"])
def test_attack_065_another_spelling_of_the_address_is_suppressed_too(spelling: str) -> None:
    consent = RecipientConsentFactory(state=ConsentState.UNSUBSCRIBED)

    assert reason_against_address(consent.account, spelling)


def test_attack_065_a_role_does_not_overrule_the_person_who_holds_it() -> None:
    user = UserFactory(email=OUTSIDE)
    consent = RecipientConsentFactory(address=OUTSIDE, state=ConsentState.UNSUBSCRIBED)
    grant(account=consent.account, holder=user, role=Role.CLIENT)

    assert reason_against_address(consent.account, OUTSIDE) == SUPPRESSED[ConsentState.UNSUBSCRIBED]


def test_what_somebody_said_to_one_account_is_not_said_to_another() -> None:
    RecipientConsentFactory(state=ConsentState.UNSUBSCRIBED)

    assert reason_against_address(AccountFactory(), INSIDE) == ""


@pytest.mark.parametrize("state", [None, *ConsentState])
def test_attack_060_an_external_address_is_refused_by_default_whatever_it_said(state: ConsentState | None) -> None:
    assert reason(state, OUTSIDE)


@pytest.mark.usefixtures("external_confirm")
@pytest.mark.parametrize("state", [None, *ConsentState])
def test_attack_061_with_confirmation_an_external_address_receives_reports_once_it_has_confirmed(
    state: ConsentState | None,
) -> None:
    assert (reason(state, OUTSIDE) == "") == (state == ConsentState.CONFIRMED)
