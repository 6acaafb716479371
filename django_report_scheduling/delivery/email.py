"""The mail channel: one message per recipient, through whatever mail backend the host uses."""

from __future__ import annotations

import re
import smtplib
import traceback
import unicodedata
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any, ClassVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from django_report_scheduling.choices import Event
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.base import DeliveryChannel, DeliveryFile, DeliveryRequest
from django_report_scheduling.delivery.mailers import DEFAULT_MAILER, mailer
from django_report_scheduling.exceptions import DeliveryError, OutcomeUnknown
from django_report_scheduling.rendering.formatting.dates import period_text
from django_report_scheduling.rendering.locales import (
    language_tag,
    parse_locale,
    translation_language,
    writing_direction,
)

TEMPLATES = {
    Event.REPORT_SUCCEEDED: "report_scheduling/mail/report_succeeded",
    Event.SCHEDULE_ERRORED: "report_scheduling/mail/schedule_errored",
    Event.SCHEDULE_PAUSED: "report_scheduling/mail/schedule_paused",
    Event.WEBHOOK_DISABLED: "report_scheduling/mail/webhook_disabled",
}
_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of what could end a header line or cannot be encoded."""

_ONE_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]"\\]+@[^\s@,;:<>()\[\]"\\]+""")
"""Django takes a list in one text for one recipient, and the mail server reads it as many."""

_NO_HEADER = "The mail could not be built: an address or the subject holds characters that no header may have."


class EmailChannel(DeliveryChannel):
    """Sends text and HTML in the account's language, with the files attached or, when they are too large, linked.

    :param from_email: sender; ``DEFAULT_FROM_EMAIL`` when empty.
    :param using: name in ``MAILERS``, which needs Django 6.1.
    :raises ValueError: this host has no such mailer.
    """

    repeatable: ClassVar[bool] = False

    def __init__(self, *, from_email: str = "", using: str = DEFAULT_MAILER) -> None:
        self._from_email = from_email
        self._send_options: dict[str, Any] = {}  # Django before 6.1 knows none
        if using != DEFAULT_MAILER:
            if not mailer(using).configured:
                msg = f"MAILERS has no entry {using!r}."
                raise ValueError(msg)
            self._send_options["using"] = using

    def deliver(self, request: DeliveryRequest) -> None:
        """Send the mail.

        :raises DeliveryError: permanent for answers of the 5xx family to the message (RFC 5321 §4.2.1) and for what no
            repetition mends; temporary for everything else, a server that refuses us or our password included.
        :raises OutcomeUnknown: the connection broke while the server had the message and had not answered.
        :raises DeliveryWithheld: the target must no longer receive this.
        """
        if not _ONE_ADDRESS.fullmatch(request.target) or _one_line(request.target) != request.target:
            raise DeliveryError(_NO_HEADER, permanent=True)
        message = self.build(request)
        request.confirm()  # last of all: building reads the files, which takes a slow storage a while
        try:
            sent = message.send(**self._send_options)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
            text = f"The mail server does not let us in: it answered with {error.smtp_code}."
            raise DeliveryError(text) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _text in error.recipients.values()]
            raise _refused(min(codes, default=0)) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            if _was_handing_over(error):
                text = "The connection broke before the mail server answered; the message may or may not have arrived."
                raise OutcomeUnknown(text) from error
            text = f"The mail server could not be used ({type(error).__name__})."
            raise DeliveryError(text) from error
        except ValueError as error:
            raise DeliveryError(_NO_HEADER, permanent=True) from error
        if sent == 0:
            text = "The mail backend reports that it did not send the message."
            raise DeliveryError(text)

    def build(self, request: DeliveryRequest) -> EmailMultiAlternatives:
        """Return the message, not yet sent."""
        attach = sum(file.size for file in request.files) <= conf.EMAIL_ATTACHMENT_LIMIT
        if not attach and not all(file.url for file in request.files):
            text = (
                f"The files are larger than EMAIL_ATTACHMENT_LIMIT ({conf.EMAIL_ATTACHMENT_LIMIT} bytes) and cannot be "
                f'linked: set REPORT_SCHEDULING["BASE_URL"] and include django_report_scheduling.pages.urls.'
            )
            raise DeliveryError(text, permanent=True)
        with translation.override(translation_language(request.account.locale)):
            subject, text, html = self._render(request, attach=attach)
        sender = self._from_email or settings.DEFAULT_FROM_EMAIL
        message = EmailMultiAlternatives(
            subject=_one_line(subject),
            body=text,
            from_email=sender,
            to=[request.target],
            headers={
                # The same for every attempt, so that a repetition can be recognised as one.
                "Message-ID": f"<{request.id}@{_domain(sender)}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        message.attach_alternative(html, "text/html")
        if attach:
            _attach(message, request.files)
        return message

    def _render(self, request: DeliveryRequest, *, attach: bool) -> tuple[str, str, str]:
        template = TEMPLATES[request.event]
        context = {
            "request": request,
            "attached": attach,
            "language": language_tag(request.account.locale),
            "direction": writing_direction(request.account.locale),
            "period": _period(request),
        }
        return (
            render_to_string(f"{template}.subject.txt", context),
            render_to_string(f"{template}.txt", context),
            render_to_string(f"{template}.html", context),
        )


def _period(request: DeliveryRequest) -> str:
    return period_text(request.period, parse_locale(request.account.number_format)) if request.period else ""


def _attach(message: EmailMultiAlternatives, files: Sequence[DeliveryFile]) -> None:
    for file in files:
        with file.open() as content:
            media_type = file.content_type.partition(";")[0]  # Django adds the character set of text itself
            message.attach(_one_line(file.name), content.read(), media_type)


def _one_line(text: str) -> str:
    printable = (" " if unicodedata.category(character) in _NOT_IN_HEADERS else character for character in text)
    return " ".join("".join(printable).split())


def _domain(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    try:
        return domain.encode("idna").decode("ascii") or "localhost"
    except UnicodeError:
        return "localhost"


def _was_handing_over(error: BaseException) -> bool:
    # smtplib raises the same whether a connection breaks before, during or after the message; only the place differs.
    handing_over = smtplib.SMTP.data.__code__
    return any(frame.f_code is handing_over for frame, _line in traceback.walk_tb(error.__traceback__))


def _refused(code: int) -> DeliveryError:
    text = f"The mail server answered with {code}."
    return DeliveryError(text, permanent=500 <= code < 600)
