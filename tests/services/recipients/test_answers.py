"""What people answer, and what mail servers answer for them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Model

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import SUPPRESSED_STATES, ConsentState, Role
from django_report_scheduling.models import AuditEvent, RecipientConsent
from django_report_scheduling.services.recipients import answers
from django_report_scheduling.services.recipients.links import confirmation_url, unsubscribe_url
from django_report_scheduling.services.recipients.withholding import reason_against_address
from tests.factories import NOW, RecipientConsentFactory, UserFactory

pytestmark = pytest.mark.django_db


def asked(**fields: object) -> RecipientConsent:
    return RecipientConsentFactory(**{"state": ConsentState.ASKED, "nonce": "once", "asked_at": NOW, **fields})


def agreeing(consent: RecipientConsent) -> str:
    return confirmation_url(consent).rstrip("/").rpartition("/")[2]


def leaving(consent: RecipientConsent) -> str:
    return unsubscribe_url(consent).rstrip("/").rpartition("/")[2]


def state_of(consent: Model) -> str:
    return RecipientConsent.objects.get(pk=consent.pk).state


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


class TestConfirm:
    @pytest.mark.parametrize("state", [ConsentState.ASKED, *SUPPRESSED_STATES])
    def test_it_lets_the_person_have_the_reports(self, state: ConsentState) -> None:
        consent = asked(state=state)

        assert answers.confirm(token=agreeing(consent), now=NOW) == consent
        assert state_of(consent) == ConsentState.CONFIRMED
        assert verbs() == ["recipient.confirmed"]

    def test_attack_061_a_link_works_once(self) -> None:
        consent = asked()
        token = agreeing(consent)
        answers.confirm(token=token, now=NOW)
        answers.unsubscribe(token=leaving(consent), now=NOW)

        assert answers.confirmation_of(token) is None
        assert answers.confirm(token=token, now=NOW) is None
        assert state_of(consent) == ConsentState.UNSUBSCRIBED

    def test_a_newer_mail_ends_the_link_of_the_older(self) -> None:
        consent = asked()
        token = agreeing(consent)
        RecipientConsent.objects.update(nonce="another")

        assert answers.confirm(token=token, now=NOW) is None
        assert state_of(consent) == ConsentState.ASKED

    def test_nobody_confirms_for_an_account_that_is_inactive(self) -> None:
        consent = asked(account__active=False)

        assert answers.confirm(token=agreeing(consent), now=NOW) is None

    def test_looking_changes_nothing(self) -> None:
        consent = asked()

        assert answers.confirmation_of(agreeing(consent)) == consent
        assert (state_of(consent), verbs()) == (ConsentState.ASKED, [])


class TestUnsubscribe:
    @pytest.mark.parametrize("state", ConsentState)
    def test_it_ends_the_mails_from_any_state(self, state: ConsentState) -> None:
        consent = RecipientConsentFactory(state=state)

        assert answers.unsubscribe(token=leaving(consent), now=NOW) == consent
        assert state_of(consent) == ConsentState.UNSUBSCRIBED

    def test_doing_it_twice_is_recorded_once(self) -> None:
        consent = RecipientConsentFactory()
        for _time in range(2):
            answers.unsubscribe(token=leaving(consent), now=NOW)

        assert verbs() == ["recipient.unsubscribed"]

    def test_it_ends_a_confirmation_link_that_is_still_out(self) -> None:
        consent = asked()
        answers.unsubscribe(token=leaving(consent), now=NOW)

        assert answers.confirm(token=agreeing(consent), now=NOW) is None

    def test_attack_064_the_link_of_one_person_does_not_unsubscribe_another(self) -> None:
        one, other = RecipientConsentFactory(), RecipientConsentFactory(address="john@customer.example")
        answers.unsubscribe(token=leaving(one), now=NOW)

        assert state_of(other) == ConsentState.UNASKED

    def test_the_link_of_a_deleted_account_is_none(self) -> None:
        consent = RecipientConsentFactory()
        token = leaving(consent)
        consent.account.delete()

        assert answers.unsubscribe(token=token, now=NOW) is None


class TestSubscribeAgain:
    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (ConsentState.UNASKED, ConsentState.UNASKED),
            (ConsentState.ASKED, ConsentState.UNASKED),
            (ConsentState.CONFIRMED, ConsentState.CONFIRMED),
        ],
    )
    def test_it_gives_back_what_somebody_had_and_no_more(self, before: ConsentState, after: ConsentState) -> None:
        consent = RecipientConsentFactory(state=before)
        answers.unsubscribe(token=leaving(consent), now=NOW)

        assert answers.subscribe_again(token=leaving(consent), now=NOW) is not None
        assert state_of(consent) == after
        assert verbs() == ["recipient.unsubscribed", "recipient.returned"]

    @pytest.mark.usefixtures("external_confirm")
    def test_attack_079_who_lost_the_role_does_not_come_back_by_leaving_and_returning(self) -> None:
        user = UserFactory(email="was-here@elsewhere.example")
        consent = RecipientConsentFactory(address=user.email)
        grant(account=consent.account, holder=user, role=Role.CLIENT)
        assert reason_against_address(consent.account, user.email) == ""
        revoke(account=consent.account, holder=user)

        for answer in (answers.unsubscribe, answers.subscribe_again):
            answer(token=leaving(consent), now=NOW)

        assert reason_against_address(consent.account, user.email)

    @pytest.mark.parametrize("state", [state for state in ConsentState if state != ConsentState.UNSUBSCRIBED])
    def test_nothing_else_is_taken_back(self, state: ConsentState) -> None:
        consent = RecipientConsentFactory(state=state)

        assert answers.subscribe_again(token=leaving(consent), now=NOW) is None
        assert state_of(consent) == state


class TestSuppress:
    @pytest.mark.parametrize("state", SUPPRESSED_STATES)
    def test_it_is_recorded_without_the_address(self, state: ConsentState) -> None:
        consent = RecipientConsentFactory()
        answers.suppress(consent, state, now=NOW)

        (event,) = AuditEvent.objects.all()
        assert event.verb == f"recipient.{state}"
        assert (event.object_id, event.account_id, event.data) == (str(consent.pk), str(consent.account_id), {})

    def test_what_a_mail_service_tells_holds_for_every_account_that_writes_there(self) -> None:
        mine, theirs = RecipientConsentFactory(), RecipientConsentFactory()
        other = RecipientConsentFactory(address="john@customer.example")

        number = answers.suppress_everywhere(address="CLIENT@customer.example", state=ConsentState.BOUNCED, now=NOW)

        assert number == 2
        assert [state_of(row) for row in (mine, theirs, other)] == ["bounced", "bounced", "unasked"]


@pytest.mark.django_db(transaction=True)
def test_attack_061_of_many_who_follow_one_link_at_once_one_confirms() -> None:
    consent = asked()
    token = agreeing(consent)

    def follow(_time: int) -> bool:
        try:
            return answers.confirm(token=token, now=NOW + dt.timedelta(seconds=1)) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(follow, range(8))) == [False] * 7 + [True]
    assert verbs() == ["recipient.confirmed"]
