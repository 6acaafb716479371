"""What the answers of mail servers mean."""

from __future__ import annotations

import smtplib

import pytest

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.delivery.email import EmailChannel
from django_report_scheduling.delivery.mail_errors import explained
from django_report_scheduling.exceptions import AddressBounced, DeliveryError
from tests.delivery.requests import delivery_request
from tests.delivery.smtp_server import smtp_server

BOUNCES = (
    "550 5.1.1 no such user",
    "550 5.1.2 no such host",
    "556 5.1.10 null MX",
    "550 5.2.1 mailbox disabled",
    "554 5.1.1 no such user",
)
OTHER_REFUSALS = (
    "550 no such user",
    "550 your address is on a list",
    "551 user not local",
    "553 that domain is not one that you may send to by me",
    "550 5.7.1 looks like spam",
    "550 5.7.26 not authenticated",
    "552 5.2.2 mailbox full",
    "554 no SMTP service here",
    "501 bad address",
    "550 5.4.1 recipient address rejected",
)


def refused_with(reply: str) -> DeliveryError:
    code, _space, text = reply.partition(" ")
    error = smtplib.SMTPRecipientsRefused({"jane@customer.example": (int(code[:3]), text.encode())})
    meaning = explained(error)
    assert isinstance(meaning, DeliveryError)
    return meaning


@pytest.mark.parametrize("reply", BOUNCES)
def test_the_mailbox_does_not_exist(reply: str) -> None:
    error = refused_with(reply)

    assert isinstance(error, AddressBounced)
    assert (error.permanent, error.code) == (True, ErrorCode.CHANNEL_REJECTED)


@pytest.mark.parametrize("reply", OTHER_REFUSALS)
def test_a_refusal_for_another_reason_says_nothing_of_the_mailbox(reply: str) -> None:
    error = refused_with(reply)

    assert not isinstance(error, AddressBounced)
    assert error.permanent


@pytest.mark.parametrize("reply", ["450 4.1.1 try later", "450 greylisted", "421 4.3.2 shutting down"])
def test_a_temporary_answer_is_no_bounce(reply: str) -> None:
    error = refused_with(reply)

    assert not isinstance(error, AddressBounced)
    assert not error.permanent


def test_an_error_without_any_answer_is_tried_again() -> None:
    error = explained(smtplib.SMTPRecipientsRefused({}))

    assert isinstance(error, DeliveryError)
    assert not error.permanent


def test_an_error_that_is_none_of_a_mail_backend_is_nobodys_to_explain() -> None:
    assert explained(KeyError("x")) is None


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_real_server_that_knows_no_such_mailbox_is_understood(command: str, settings: object) -> None:
    with smtp_server(settings, **{command: "550 5.1.1 no such user"}), pytest.raises(AddressBounced):
        EmailChannel().deliver(delivery_request())


def test_a_sender_that_is_refused_says_nothing_of_the_mailbox() -> None:
    error = explained(smtplib.SMTPSenderRefused(550, b"5.1.1 no such sender", "reports@example.org"))

    assert isinstance(error, DeliveryError)
    assert not isinstance(error, AddressBounced)
