"""From the mail that is sent to the one that no longer is, through services, channel and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import ConsentState, DeliveryStatus, ErrorCode, Event, Role, Trigger
from django_report_scheduling.models import AuditEvent, Delivery, RecipientConsent, ReportSchedule
from django_report_scheduling.services.delivering import deliver
from tests.delivery.smtp_server import smtp_server
from tests.factories import (
    NOW,
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    RecipientConsentFactory,
    ReportScheduleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

HOST = "https://reports.example.org"
Clock = Callable[[], dt.datetime]


def send(delivery: Delivery, clock: Clock) -> Delivery:
    deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=clock)
    delivery.refresh_from_db()
    return delivery


def test_attack_064_the_link_of_one_mail_ends_all_mails_of_the_account(
    settings: Settings, client: Client, clock: Clock
) -> None:
    first = DeliveryFactory()
    with smtp_server(settings) as mailbox:
        send(first, clock)
        (mail,) = mailbox.messages
        link = str(mail["List-Unsubscribe"]).strip("\r\n <>").removeprefix(HOST)
        client.post(link, {"List-Unsubscribe": "One-Click"})
        other = ReportScheduleFactory(account=first.report.account, recipients=[first.target])
        second = send(DeliveryFactory(report__schedule=other), clock)

    assert len(mailbox.messages) == 1
    assert (second.status, second.error_code) == (DeliveryStatus.SUPPRESSED, ErrorCode.RECIPIENT_REFUSED)
    assert second.error_message == "The recipient has unsubscribed."


def test_attack_065_who_is_listed_again_by_whatever_path_stays_suppressed(settings: Settings, clock: Clock) -> None:
    consent = RecipientConsentFactory(state=ConsentState.UNSUBSCRIBED)
    ReportSchedule.objects.bulk_create(  # neither a form nor a service is asked, as in a shell or a fixture
        [ReportScheduleFactory.build(account=consent.account, recipients=["Client@customer.example"])]
    )
    delivery = DeliveryFactory(report__schedule=ReportSchedule.objects.get(), target="Client@customer.example")

    with smtp_server(settings) as mailbox:
        assert send(delivery, clock).status == DeliveryStatus.SUPPRESSED
    assert mailbox.messages == []


def test_a_mailbox_that_does_not_exist_is_not_written_to_again(settings: Settings, clock: Clock) -> None:
    first = DeliveryFactory()
    with smtp_server(settings, RCPT="550 5.1.1 no such user"):
        assert send(first, clock).status == DeliveryStatus.FAILED
    with smtp_server(settings) as mailbox:
        schedule = first.report.schedule
        again = send(DeliveryFactory(report__schedule=schedule, report__slot=NOW + dt.timedelta(days=7)), clock)

    assert mailbox.messages == []
    assert again.status == DeliveryStatus.SUPPRESSED
    assert RecipientConsent.objects.get().state == ConsentState.BOUNCED
    assert AuditEvent.objects.filter(verb="recipient.bounced").count() == 1


@pytest.mark.parametrize("reply", ["450 4.1.1 try later", "554 5.7.1 spam"])
def test_any_other_refusal_suppresses_nobody(reply: str, settings: Settings, clock: Clock) -> None:
    with smtp_server(settings, RCPT=reply):
        send(DeliveryFactory(), clock)

    assert RecipientConsent.objects.get().state == ConsentState.UNASKED


def test_a_preview_and_a_notice_have_nothing_to_unsubscribe_from(settings: Settings, clock: Clock) -> None:
    person = UserFactory(is_superuser=True)
    schedule = ReportScheduleFactory(state="errored", state_reason="query_failed")
    preview = GeneratedReportFactory(succeeded=True, trigger=Trigger.PREVIEW, requested_by=person)
    grant(account=preview.account, holder=person, role=Role.CLIENT)
    notice = GeneratedReportFactory(schedule=schedule, status="failed", wake_at=None)

    with smtp_server(settings) as mailbox:
        send(DeliveryFactory(report=preview, target=person.email), clock)
        send(DeliveryFactory(report=notice, target=person.email, event=Event.SCHEDULE_ERRORED), clock)

    assert [message["List-Unsubscribe"] for message in mailbox.messages] == [None, None]
    assert not RecipientConsent.objects.exists()


def test_who_has_unsubscribed_is_still_told_what_only_they_can_mend(settings: Settings, clock: Clock) -> None:
    administrator = UserFactory(is_superuser=True)
    schedule = ReportScheduleFactory(state="errored", state_reason="query_failed")
    RecipientConsentFactory(account=schedule.account, address=administrator.email, state=ConsentState.UNSUBSCRIBED)
    report = GeneratedReportFactory(schedule=schedule, status="failed", wake_at=None)

    with smtp_server(settings) as mailbox:
        send(DeliveryFactory(report=report, target=administrator.email, event=Event.SCHEDULE_ERRORED), clock)
    assert len(mailbox.messages) == 1


@pytest.mark.usefixtures("external_confirm")
def test_attack_061_an_external_recipient_gets_nothing_but_the_question_until_they_agree(
    settings: Settings, client: Client, clock: Clock
) -> None:
    account, outside = AccountFactory(), "stranger@elsewhere.example"
    schedule = ReportScheduleFactory(account=account, recipients=[outside])
    consent = RecipientConsentFactory(account=account, address=outside, state="asked", nonce="once", asked_at=NOW)
    question = Delivery.objects.create(
        consent=consent, event=Event.RECIPIENT_CONFIRMATION, channel="email", target=outside, wake_at=NOW
    )

    def report(days: int) -> Any:
        slot = NOW + dt.timedelta(days=days)
        return send(DeliveryFactory(report__schedule=schedule, report__slot=slot, target=outside), clock)

    with smtp_server(settings) as mailbox:
        send(question, clock)
        assert report(0).error_message == "The recipient has not confirmed that they want these reports."
        (mail,) = mailbox.messages
        body = mail.get_body(("plain",))
        assert body is not None
        (link,) = (word for word in body.get_content().split() if word.startswith(HOST))
        assert client.get(link.removeprefix(HOST)).status_code == 200
        assert report(7).status == DeliveryStatus.SUPPRESSED
        client.post(link.removeprefix(HOST))
        assert report(14).status == DeliveryStatus.SENT

    assert len(mailbox.messages) == 2
