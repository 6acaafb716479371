"""What a mail looks like, before it is sent."""

from __future__ import annotations

import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

import django_report_scheduling
from django_report_scheduling.choices import ErrorCode, Event
from django_report_scheduling.conf import DEFAULT_CHANNELS
from django_report_scheduling.delivery import channels
from django_report_scheduling.delivery.email import EmailChannel
from django_report_scheduling.exceptions import DeliveryError, DeliveryWithheld, InvalidPlugin
from tests.delivery.requests import PDF, delivery_file, delivery_request
from tests.mail_settings import HAS_MAILERS, backend_path, send_through

HOSTILE = (
    "<script>alert(1)</script>\r\nBcc: b@evil.example\x00\u2028\u2029\x85\x0b\x0c\x1c & {{ 7|add:7 }} {% now 'Y' %}"
)
HEADERS = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"}


def built(**changes: Any) -> EmailMessage:
    """The message as it would go over the wire."""
    raw = EmailChannel().build(delivery_request(**changes)).message().as_bytes()
    return cast("EmailMessage", message_from_bytes(raw, policy=policy.default))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))  # type: ignore[arg-type]
    assert part is not None
    return str(part.get_content())


def test_the_subject_says_what_and_for_whom_and_when() -> None:
    subject = str(built()["Subject"]).strip()

    assert " ".join(subject.split()) == "Sales, Acme Ltd: Feb 23 – Mar 1, 2026"


def test_it_says_that_a_machine_wrote_it() -> None:
    assert built()["Auto-Submitted"] == "auto-generated"


def test_attack_064_a_mail_program_can_unsubscribe_with_one_click() -> None:
    link = "https://reports.example.org/reports/unsubscribe/x/"
    message = built(unsubscribe_url=link)

    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert link in text_of(message, kind)


def test_there_is_nothing_to_unsubscribe_from_without_a_link() -> None:
    message = built()

    assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None
    for kind in ("plain", "html"):
        assert "Unsubscribe" not in text_of(message, kind)


def test_attack_061_a_mail_that_asks_has_the_link_and_nothing_of_a_report() -> None:
    link = "https://reports.example.org/reports/confirm/x/"
    message = built(
        event=Event.RECIPIENT_CONFIRMATION, title="Reports by mail", schedule_name="", period=None, files=(),
        confirmation_url=link,
    )  # fmt: skip

    assert str(message["Subject"]).strip() == "Do you want to receive reports of Acme Ltd?"
    for kind in ("plain", "html"):
        text = text_of(message, kind)
        assert link in text
        assert "72 hours" in text
        assert "do nothing" in text
    assert list(message.iter_attachments()) == []


def test_the_sender_is_that_of_the_project_or_of_the_channel(settings: Settings) -> None:
    assert built()["From"] == "Reports <reports@example.org>"

    settings.REPORT_SCHEDULING = {
        "CHANNELS": {
            "email": {
                "BACKEND": "django_report_scheduling.delivery.email.EmailChannel",
                "OPTIONS": {"from_email": "Sales <sales@other.example>"},
            }
        }
    }
    message = cast("EmailChannel", channels["email"]).build(delivery_request())
    assert message.from_email == "Sales <sales@other.example>"
    assert message.extra_headers["Message-ID"].endswith("@other.example>")


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("reports@example.org", "example.org"),
        ("Reports <reports@münchen.example>", "xn--mnchen-3ya.example"),
        ("nobody", "nobody"),
        ("a@" + "ü" * 80, "localhost"),
    ],
)
def test_the_message_id_is_made_of_the_delivery_and_the_senders_domain(sender: str, domain: str) -> None:
    message = EmailChannel(from_email=sender).build(delivery_request())

    assert message.extra_headers["Message-ID"] == f"<018f0000-0000-7000-8000-000000000001@{domain}>"


def test_another_delivery_has_another_message_id() -> None:
    assert built()["Message-ID"] != built(id="018f0000-0000-7000-8000-000000000002")["Message-ID"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": HOSTILE},
        {"schedule_name": HOSTILE},
        {"account": {"name": HOSTILE}},
        {"event": Event.SCHEDULE_ERRORED, "files": (), "schedule_name": HOSTILE, "reason": HOSTILE},
        {"event": Event.SCHEDULE_PAUSED, "files": (), "schedule_name": HOSTILE, "reason": HOSTILE},
        {"event": Event.SCHEDULE_ERRORED, "files": (), "account": {"name": HOSTILE}},
        {"files": (delivery_file(HOSTILE),)},
    ],
)
def test_attack_058_no_text_becomes_a_header(change: dict[str, Any]) -> None:
    raw = EmailChannel().build(delivery_request(**change)).message().as_bytes()

    message = cast("EmailMessage", message_from_bytes(raw, policy=policy.default))
    assert set(message.keys()) <= HEADERS
    assert not any(part["Bcc"] for part in message.walk())
    assert not re.search(rb"^bcc:", raw.partition(b"\n\n")[0], re.IGNORECASE | re.MULTILINE)
    assert "\x00" not in str(message["Subject"])


def test_attack_058_a_subject_is_one_line_of_text() -> None:
    subject = str(built(title=HOSTILE)["Subject"]).strip()  # a long line may be folded before its first word

    assert subject.startswith("<script>alert(1)</script> Bcc: b@evil.example & {{ 7|add:7 }}")
    assert subject.isprintable() or "\u2009" in subject


@pytest.mark.parametrize(
    "target",
    [
        "a@b.example\nBcc: c@d.example", "a@b.example\r\n", "a@b.example\x00", "a@b.example\u2028",
        "a@b.example, c@d.example", "a@b.example,c@d.example", "a@b.example;c@d.example", "A <a@b.example>",
        "g: a@b.example;", "@relay.example:a@b.example", '"a@b"@c.example', "a@b@c.example", "a@[127.0.0.1]", "", "a",
    ],
)  # fmt: skip
def test_attack_058_attack_059_a_target_that_is_no_address_is_refused_for_good(target: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        EmailChannel().deliver(delivery_request(target=target))

    assert caught.value.permanent
    assert "Bcc" not in str(caught.value)
    assert mail.outbox == []


def test_attack_058_a_sender_that_is_no_header_is_refused_for_good() -> None:
    with pytest.raises(DeliveryError, match="characters that no header may have") as caught:
        EmailChannel(from_email="Reports\nBcc: b@evil.example <reports@example.org>").deliver(delivery_request())

    assert caught.value.permanent
    assert mail.outbox == []


@pytest.mark.parametrize("field", ["title", "schedule_name", "reason", "name"])
def test_attack_069_html_in_names_is_shown_as_text(field: str) -> None:
    event = Event.SCHEDULE_ERRORED if field == "reason" else Event.REPORT_SUCCEEDED
    change: dict[str, Any] = {"account": {"name": HOSTILE}} if field == "name" else {field: HOSTILE}

    message = built(event=event, **change)

    html, text = text_of(message, "html"), text_of(message)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert(1)</script>" in text
    assert "{{ 7|add:7 }} {% now &#x27;Y&#x27; %}" in html
    assert "{{ 7|add:7 }} {% now 'Y' %}" in text


def test_attack_069_links_lead_to_our_own_host_alone(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"EMAIL_ATTACHMENT_LIMIT": 0}

    message = built(title='"><a href="https://evil.example">', schedule_name="https://evil.example")

    assert re.findall(r'href="([^"]*)"', text_of(message, "html")) == [delivery_file().url]


def test_files_up_to_the_limit_are_attached(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"EMAIL_ATTACHMENT_LIMIT": 2 * len(PDF)}

    message = built(files=(delivery_file("a.pdf"), delivery_file("b.pdf")))

    assert [part.get_filename() for part in message.iter_attachments()] == ["a.pdf", "b.pdf"]
    assert "The report is attached" in text_of(message)
    assert "https://" not in text_of(message)


def test_files_beyond_the_limit_are_linked_and_not_read(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"EMAIL_ATTACHMENT_LIMIT": 2 * len(PDF) - 1}

    def never() -> Any:
        raise AssertionError

    files = (delivery_file("a.pdf", open=never), delivery_file("b.pdf", open=never))
    message = built(files=files)

    assert list(message.iter_attachments()) == []
    for file in files:
        assert file.url in text_of(message)
        assert f'href="{file.url}"' in text_of(message, "html")


def test_files_that_can_neither_be_attached_nor_linked_say_what_to_set(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"EMAIL_ATTACHMENT_LIMIT": 1}

    with pytest.raises(
        DeliveryError, match=r'EMAIL_ATTACHMENT_LIMIT \(1 bytes\).*set REPORT_SCHEDULING\["BASE_URL"\]'
    ) as caught:
        EmailChannel().deliver(delivery_request(files=(delivery_file(url=""),)))

    assert (caught.value.permanent, caught.value.code) == (True, ErrorCode.CHANNEL_REJECTED)


def test_text_that_is_not_utf_8_is_attached_as_it_is() -> None:
    content = "Müller".encode("latin-1")
    (part,) = built(files=(delivery_file("a.csv", content, content_type="text/csv"),)).iter_attachments()

    assert part.get_payload(decode=True) == content


def test_stored_files_are_closed() -> None:
    opened = []

    def opener(content: bytes = PDF) -> Any:
        opened.append(delivery_file(content=content).open())
        return opened[-1]

    EmailChannel().deliver(delivery_request(files=(delivery_file(open=opener),)))

    assert [file.closed for file in opened] == [True]


def test_a_file_that_is_gone_is_left_to_the_caller_to_tell() -> None:
    def gone() -> Any:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        EmailChannel().deliver(delivery_request(files=(delivery_file(open=gone),)))

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("locale", "language", "direction", "subject"),
    [
        ("en", "en", "ltr", "Sales, Acme Ltd: Feb 23"),
        ("de-CH", "de-CH", "ltr", "Sales, Acme Ltd: 23. Feb. "),
        ("ar", "ar", "rtl", "Sales, Acme Ltd: "),
    ],
)
def test_it_is_written_in_the_language_of_the_account(locale: str, language: str, direction: str, subject: str) -> None:
    message = built(account={"locale": locale, "number_format": locale})

    assert f'<html lang="{language}" dir="{direction}">' in text_of(message, "html")
    assert str(message["Subject"]).strip().startswith(subject)


def test_a_stopped_schedule_is_told_with_the_last_error() -> None:
    message = built(event=Event.SCHEDULE_ERRORED, files=(), reason="Query failed: no such table")

    assert message["Subject"] == "Stopped: Weekly sales (Acme Ltd)"
    for kind in ("plain", "html"):
        assert "Query failed: no such table" in text_of(message, kind)
        assert "until the cause is removed" in text_of(message, kind)
    assert list(message.iter_attachments()) == []


def test_a_paused_schedule_is_told_with_the_reason_and_what_to_do() -> None:
    message = built(event=Event.SCHEDULE_PAUSED, files=(), reason="The person who owns the schedule has left.")

    assert message["Subject"] == "Paused: Weekly sales (Acme Ltd)"
    for kind in ("plain", "html"):
        text = text_of(message, kind)
        assert "The person who owns the schedule has left." in text
        assert "somebody who manages Acme Ltd has to resume it, and becomes its owner" in text
        assert re.search(r"The report for Feb 23.*Mar 1, 2026 was not made", text)
        assert "because you manage this account or administer reports" in text
    assert list(message.iter_attachments()) == []


def test_nothing_goes_out_when_the_last_question_is_answered_with_no() -> None:
    def confirm() -> None:
        raise DeliveryWithheld

    with pytest.raises(DeliveryWithheld):
        EmailChannel().deliver(delivery_request(confirm=confirm))

    assert mail.outbox == []


def test_the_last_question_is_asked_after_the_files_were_read() -> None:
    asked: list[str] = []

    def read() -> io.BytesIO:
        asked.append("read")
        return io.BytesIO(b"%PDF")

    EmailChannel().deliver(delivery_request(files=(delivery_file(open=read),), confirm=lambda: asked.append("confirm")))

    assert asked == ["read", "confirm"]


def test_it_goes_through_any_backend_of_django(settings: Settings, tmp_path: Path) -> None:
    EmailChannel().deliver(delivery_request())
    assert [message.to for message in mail.outbox] == [["jane@customer.example"]]

    send_through(settings, "filebased", file_path=tmp_path)
    EmailChannel().deliver(delivery_request())
    (file,) = tmp_path.iterdir()
    assert b"To: jane@customer.example" in file.read_bytes()


class SilentBackend(BaseEmailBackend):
    """A backend that says how many it sent: none."""

    def send_messages(self, email_messages: Any) -> int:
        return 0


class TacitBackend(BaseEmailBackend):
    """A backend that does not say how many it sent."""

    def send_messages(self, email_messages: Any) -> None:  # type: ignore[override]
        return None


def test_a_backend_that_sent_nothing_is_no_success(settings: Settings) -> None:
    send_through(settings, f"{__name__}.SilentBackend")

    with pytest.raises(DeliveryError, match="did not send") as caught:
        EmailChannel().deliver(delivery_request())
    assert not caught.value.permanent


def test_a_backend_that_does_not_count_is_believed(settings: Settings) -> None:
    send_through(settings, f"{__name__}.TacitBackend")

    EmailChannel().deliver(delivery_request())


@pytest.mark.skipif(not HAS_MAILERS, reason="Django 6.1 brought MAILERS")
def test_it_goes_through_the_mailer_that_is_named(settings: Settings, tmp_path: Path) -> None:
    bulk = {"BACKEND": backend_path("filebased"), "OPTIONS": {"file_path": tmp_path}}
    settings.MAILERS = {**settings.MAILERS, "bulk": bulk}

    EmailChannel(using="bulk").deliver(delivery_request())

    (file,) = tmp_path.iterdir()
    assert b"To: jane@customer.example" in file.read_bytes()
    assert mail.outbox == []


def test_a_mailer_that_this_host_does_not_have_is_refused_at_once(settings: Settings) -> None:
    problem = "MAILERS has no entry 'bulk'" if HAS_MAILERS else "'bulk' needs Django 6.1 or newer"
    options = {"OPTIONS": {"using": "bulk"}}
    settings.REPORT_SCHEDULING = {"CHANNELS": {"email": {**DEFAULT_CHANNELS["email"], **options}}}

    with pytest.raises(InvalidPlugin, match=rf"\['email'\]\['OPTIONS'\] does not fit .*{problem}"):
        channels["email"]


def test_the_default_mailer_may_be_named_on_any_django() -> None:
    EmailChannel(using="default").deliver(delivery_request())

    assert len(mail.outbox) == 1


def test_the_channel_does_not_ask_for_repetitions() -> None:
    assert channels["email"].repeatable is False


@pytest.mark.parametrize("template", ["report_succeeded", "schedule_errored", "schedule_paused"])
def test_every_event_has_a_text_an_html_and_a_subject(template: str) -> None:
    folder = Path(django_report_scheduling.__file__).parent / "templates/report_scheduling/mail"

    assert {path.name for path in folder.glob(f"{template}*")} == {
        f"{template}.txt", f"{template}.html", f"{template}.subject.txt",
    }  # fmt: skip
