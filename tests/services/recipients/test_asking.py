"""Asking people by mail whether they want reports: once, rarely, and only those who have to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import ConsentState, DeliveryStatus, Event, Role
from django_report_scheduling.exceptions import NotPermitted, RecipientRefused, WrongState
from django_report_scheduling.models import AbstractAccount, AuditEvent, Delivery, RecipientConsent
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.recipients.asking import MAX_ASKED, WINDOW, ask_recipient
from django_report_scheduling.services.schedules import create_schedule, update_schedule
from django_report_scheduling.testing import RecordingChannel
from tests.factories import NOW, AccountFactory, RecipientConsentFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "external_confirm")]

OUTSIDE = "stranger@elsewhere.example"


@pytest.fixture
def recording(settings: Settings) -> Iterator[None]:
    channels = {"email": {"BACKEND": "django_report_scheduling.testing.RecordingChannel"}}
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "CHANNELS": channels}
    RecordingChannel.requests.clear()
    yield
    RecordingChannel.requests.clear()


def schedule_for(*recipients: str, account: AbstractAccount | None = None) -> Any:
    return create_schedule(
        account=account or AccountFactory(),
        actor=None,
        now=NOW,
        name="Weekly",
        report_type="sample",
        formats=["json"],
        frequency="daily",
        time_of_day=dt.time(8),
        timezone="UTC",
        recipients=list(recipients),
    )


def mails() -> list[str]:
    return list(Delivery.objects.filter(event=Event.RECIPIENT_CONFIRMATION).values_list("target", flat=True))


class TestWhoIsAsked:
    def test_attack_061_an_external_recipient_is_asked_when_listed(self) -> None:
        schedule_for("client@customer.example", OUTSIDE)

        assert mails() == [OUTSIDE]
        consent = RecipientConsent.objects.get()
        assert (consent.state, consent.asked_at, bool(consent.nonce)) == (ConsentState.ASKED, NOW, True)
        assert "recipient.asked" in AuditEvent.objects.values_list("verb", flat=True)

    def test_an_external_recipient_is_asked_when_added(self) -> None:
        schedule = schedule_for("client@customer.example")
        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, recipients=["client@customer.example", OUTSIDE])

        assert mails() == [OUTSIDE]

    def test_nobody_is_asked_twice_by_being_listed_again(self) -> None:
        account = AccountFactory()
        schedule_for(OUTSIDE, account=account)
        schedule_for(OUTSIDE.upper(), account=account)

        assert mails() == [OUTSIDE]

    @pytest.mark.parametrize("state", [state for state in ConsentState if state != ConsentState.UNASKED])
    def test_attack_065_who_has_answered_is_not_asked_by_being_listed(self, state: ConsentState) -> None:
        consent = RecipientConsentFactory(address=OUTSIDE, state=state)
        schedule_for(OUTSIDE, account=consent.account)

        assert mails() == []
        consent.refresh_from_db()
        assert consent.state == state

    def test_without_the_setting_an_external_recipient_is_refused_and_not_asked(self, settings: Settings) -> None:
        settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "EXTERNAL_RECIPIENTS": "refuse"}

        with pytest.raises(RecipientRefused):
            schedule_for(OUTSIDE)
        assert not RecipientConsent.objects.exists()

    def test_nothing_is_asked_for_a_schedule_that_is_refused(self) -> None:
        with pytest.raises(RecipientRefused):
            schedule_for(OUTSIDE, "no address")
        assert not RecipientConsent.objects.exists()


class TestAskingAgain:
    @pytest.mark.parametrize("state", [state for state in ConsentState if state != ConsentState.CONFIRMED])
    def test_a_manager_may_ask_again_a_day_later(self, state: ConsentState) -> None:
        consent = RecipientConsentFactory(state=state, asked_at=NOW - WINDOW)
        manager = UserFactory()
        grant(account=consent.account, holder=manager, role=Role.ACCOUNT_MANAGER)

        ask_recipient(consent_id=consent.pk, actor=manager, now=NOW)

        consent.refresh_from_db()
        assert mails() == [consent.address]
        assert consent.nonce
        assert consent.suppressed == (state in {"unsubscribed", "bounced", "complained"})

    def test_attack_062_within_a_day_nothing_more_is_sent_and_nothing_told(self) -> None:
        consent = RecipientConsentFactory(state=ConsentState.ASKED, asked_at=NOW - WINDOW / 2)

        assert ask_recipient(consent_id=consent.pk, actor=None, now=NOW) == consent
        assert mails() == []

    def test_who_has_confirmed_is_not_asked(self) -> None:
        consent = RecipientConsentFactory(state=ConsentState.CONFIRMED)

        with pytest.raises(WrongState, match="confirmed already"):
            ask_recipient(consent_id=consent.pk, actor=None, now=NOW)

    def test_a_client_may_not_ask(self) -> None:
        consent, client = RecipientConsentFactory(), UserFactory()
        grant(account=consent.account, holder=client, role=Role.CLIENT)

        with pytest.raises(NotPermitted):
            ask_recipient(consent_id=consent.pk, actor=client, now=NOW)
        assert mails() == []

    def test_without_links_nobody_is_asked(self, settings: Settings) -> None:
        settings.REPORT_SCHEDULING = {"EXTERNAL_RECIPIENTS": "confirm", "BASE_URL": ""}

        with pytest.raises(WrongState, match="BASE_URL"):
            ask_recipient(consent_id=RecipientConsentFactory().pk, actor=None, now=NOW)


class TestTheMail:
    def test_it_carries_the_link(self, recording: None, clock: Any) -> None:
        schedule_for(OUTSIDE)
        (delivery,) = Delivery.objects.all()

        assert deliver(delivery_id=delivery.pk, attempt=0, clock=clock) == DeliveryStatus.SENT
        (request,) = RecordingChannel.requests
        assert request.confirmation_url.startswith("https://reports.example.org/reports/confirm/")
        assert request.unsubscribe_url == ""

    def test_it_is_not_sent_once_the_person_has_answered(self, recording: None, clock: Any) -> None:
        schedule_for(OUTSIDE)
        RecipientConsent.objects.update(nonce="")
        (delivery,) = Delivery.objects.all()

        assert deliver(delivery_id=delivery.pk, attempt=0, clock=clock) == DeliveryStatus.SUPPRESSED
        assert RecordingChannel.requests == []

    def test_attack_056_it_goes_with_the_account(self) -> None:
        account = AccountFactory()
        schedule_for(OUTSIDE, account=account)
        delete_account(account_id=account.pk, actor=None, now=NOW)

        assert not Delivery.objects.exists()
        assert not RecipientConsent.objects.exists()


def test_attack_062_an_address_gets_few_mails_from_however_many_accounts() -> None:
    for _account in range(10):
        schedule_for(OUTSIDE)

    assert len(mails()) == MAX_ASKED


def test_attack_062_an_account_cannot_tell_how_often_others_have_asked() -> None:
    for _account in range(10):
        schedule_for(OUTSIDE)

    assert set(RecipientConsent.objects.values_list("state", flat=True)) == {ConsentState.ASKED}
    assert AuditEvent.objects.filter(verb="recipient.asked").count() == 10


def test_attack_062_what_was_answered_does_not_make_room_for_more() -> None:
    for _account in range(MAX_ASKED):
        schedule_for(OUTSIDE)
    RecipientConsent.objects.update(state=ConsentState.UNSUBSCRIBED, nonce="")
    schedule_for(OUTSIDE)

    assert len(mails()) == MAX_ASKED


@pytest.mark.django_db(transaction=True)
def test_attack_062_nor_from_accounts_that_ask_at_the_same_moment() -> None:
    accounts = [AccountFactory() for _account in range(8)]

    def ask(account: AbstractAccount) -> None:
        try:
            schedule_for(OUTSIDE, account=account)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        list(people.map(ask, accounts))
    assert len(mails()) == MAX_ASKED
