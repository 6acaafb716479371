"""The mail channel against a real SMTP server."""

from __future__ import annotations

import gc
import socket

import pytest
from aiosmtpd.smtp import AuthResult
from pytest_django import Settings

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.delivery.email import EmailChannel
from django_report_scheduling.exceptions import DeliveryError, OutcomeUnknown
from tests.delivery.requests import PDF, delivery_file, delivery_request
from tests.delivery.smtp_server import smtp_server
from tests.mail_settings import send_through

CSV = "\ufeffname,count\r\nMüller,1\r\n日本,2\r\n".encode()
LONG_LINE = b'{"rows": "' + b"x" * 5000 + b'"}\n'


# Django leaves it to the collector when the server refuses us before the first message.
LEAVES_ITS_SOCKET = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


def collect(error: DeliveryError) -> None:
    """Let go of the connection that the traceback holds, where its warning is expected."""
    error.__cause__ = error.__context__ = error.__traceback__ = None
    gc.collect()


def deliver_error() -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        EmailChannel().deliver(delivery_request())
    return caught.value


def test_a_mail_arrives_with_its_attachments_byte_for_byte(settings: Settings) -> None:
    files = (
        delivery_file(),
        delivery_file("a.csv", CSV, content_type="text/csv; charset=utf-8"),
        delivery_file("a.json", LONG_LINE, content_type="application/json"),
    )
    with smtp_server(settings) as mailbox:
        EmailChannel().deliver(delivery_request(files=files))

    (message,) = mailbox.messages
    parts = list(message.iter_attachments())
    assert [part.get_filename() for part in parts] == ["acme-sales-2026-02-23.pdf", "a.csv", "a.json"]
    assert [part.get_content_type() for part in parts] == ["application/pdf", "text/csv", "application/json"]
    assert [part.get_payload(decode=True) for part in parts] == [PDF, CSV, LONG_LINE]
    assert parts[1].get_content_charset() == "utf-8"


def test_a_mail_has_text_and_html(settings: Settings) -> None:
    with smtp_server(settings) as mailbox:
        EmailChannel().deliver(delivery_request(account={"name": "Müller & Söhne 日本"}))

    (message,) = mailbox.messages
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert html is not None
    assert "Sales for Müller & Söhne 日本" in body.get_content()
    assert "Müller &amp; Söhne 日本" in html.get_content()


def test_attack_066_the_envelope_and_the_headers_name_one_recipient(settings: Settings) -> None:
    with smtp_server(settings) as mailbox:
        for target in ("jane@customer.example", "john@customer.example"):
            EmailChannel().deliver(delivery_request(target=target))

    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [
        ["jane@customer.example"],
        ["john@customer.example"],
    ]
    for message, own, other in zip(mailbox.messages, ("jane", "john"), ("john", "jane"), strict=True):
        assert str(message["To"]) == f"{own}@customer.example"
        assert message["Cc"] is message["Bcc"] is None
        assert other not in message.as_string()


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["550 no such user", "554 looks like spam", "501 bad address"])
def test_an_answer_of_the_5xx_family_is_final(command: str, reply: str, settings: Settings) -> None:
    with smtp_server(settings, **{command: reply}):
        error = deliver_error()

    assert (error.permanent, error.code) == (True, ErrorCode.CHANNEL_REJECTED)
    assert str(error) == f"The mail server answered with {reply[:3]}."


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["450 greylisted", "421 too busy", "452 full"])
def test_attack_067_an_answer_of_the_4xx_family_is_tried_again(command: str, reply: str, settings: Settings) -> None:
    with smtp_server(settings, **{command: reply}):
        error = deliver_error()

    assert (error.permanent, error.code) == (False, ErrorCode.CHANNEL_UNAVAILABLE)
    assert str(error) == f"The mail server answered with {reply[:3]}."


def test_attack_067_nobody_knows_what_became_of_a_mail_when_the_line_drops_before_the_answer(
    settings: Settings,
) -> None:
    with smtp_server(settings, DATA="drop") as mailbox, pytest.raises(OutcomeUnknown, match="may or may not"):
        EmailChannel().deliver(delivery_request())

    assert len(mailbox.envelopes) == 1


def test_attack_067_a_line_that_drops_before_the_message_is_tried_again(settings: Settings) -> None:
    with smtp_server(settings, RCPT="drop") as mailbox:
        error = deliver_error()

    assert mailbox.envelopes == []
    assert not error.permanent


def test_attack_067_both_attempts_carry_the_same_message_id(settings: Settings) -> None:
    with smtp_server(settings, DATA="drop") as mailbox:
        with pytest.raises(OutcomeUnknown):
            EmailChannel().deliver(delivery_request())
        mailbox.answers.clear()
        EmailChannel().deliver(delivery_request())

    first, second = (str(message["Message-ID"]) for message in mailbox.messages)
    assert first == second == "<018f0000-0000-7000-8000-000000000001@example.org>"


def test_a_refused_connection_is_tried_again_and_names_no_host(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    send_through(settings, "smtp", host="127.0.0.1", port=port)

    error = deliver_error()

    assert not error.permanent
    assert str(error) == "The mail server could not be used (ConnectionRefusedError)."


@LEAVES_ITS_SOCKET
def test_attack_068_a_server_without_starttls_gets_no_mail_in_clear(settings: Settings) -> None:
    with smtp_server(settings, login={"use_tls": True}) as mailbox:
        error = deliver_error()

    assert not error.permanent
    assert mailbox.envelopes == []
    collect(error)


@LEAVES_ITS_SOCKET
def test_a_password_that_is_refused_is_tried_again_because_operators_mend_it(settings: Settings) -> None:
    login = {"username": "reports", "password": "hunter2"}
    options = {"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=False, handled=False)}
    with smtp_server(settings, options=options, login=login) as mailbox:
        error = deliver_error()

    assert (error.permanent, str(error)) == (False, "The mail server does not let us in: it answered with 535.")
    assert mailbox.envelopes == []
    collect(error)


@pytest.mark.parametrize("text", ["550 jane@customer.example is unknown", "450 hunter2"])
def test_what_the_server_says_is_not_repeated(text: str, settings: Settings) -> None:
    with smtp_server(settings, RCPT=text):
        error = deliver_error()

    assert str(error) == f"The mail server answered with {text[:3]}."
