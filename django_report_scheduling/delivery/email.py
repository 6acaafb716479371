"""The mail channel: one message per recipient, through whatever mail backend the host uses."""

from __future__ import annotations

import re
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
from django_report_scheduling.delivery.mail_errors import NO_HEADER, explained
from django_report_scheduling.delivery.mailers import DEFAULT_MAILER, mailer
from django_report_scheduling.exceptions import DeliveryError
from django_report_scheduling.rendering.locales import language_tag, translation_language, writing_direction

TEMPLATES = {
    Event.REPORT_SUCCEEDED: "report_scheduling/mail/report_succeeded",
    Event.SCHEDULE_ERRORED: "report_scheduling/mail/schedule_errored",
    Event.SCHEDULE_PAUSED: "report_scheduling/mail/schedule_paused",
    Event.WEBHOOK_DISABLED: "report_scheduling/mail/webhook_disabled",
    Event.RECIPIENT_CONFIRMATION: "report_scheduling/mail/recipient_confirmation",
}
_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of what could end a header line or cannot be encoded."""

_ONE_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]"\\]+@[^\s@,;:<>()\[\]"\\]+""")
"""Django takes a list in one text for one recipient, and the mail server reads it as many."""


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

        :raises DeliveryError: permanent where no repetition mends it, see :mod:`.mail_errors`.
        :raises AddressBounced: there is no such mailbox.
        :raises OutcomeUnknown: the connection broke while the server had the message and had not answered.
        :raises DeliveryWithheld: the target must no longer receive this.
        """
        if not _ONE_ADDRESS.fullmatch(request.target) or _one_line(request.target) != request.target:
            raise DeliveryError(NO_HEADER, permanent=True)
        message = self.build(request)
        request.confirm()  # last of all: building reads the files, which takes a slow storage a while
        try:
            sent = message.send(**self._send_options)
        except Exception as error:
            meaning = explained(error)
            if meaning is None:
                raise
            raise meaning from error
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
                **_list_headers(request.unsubscribe_url),
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
            "period": request.period_text,
        }
        return (
            render_to_string(f"{template}.subject.txt", context),
            render_to_string(f"{template}.txt", context),
            render_to_string(f"{template}.html", context),
        )


def _list_headers(unsubscribe_url: str) -> dict[str, str]:
    """RFC 2369 §3.2 and RFC 8058: the mail program may unsubscribe its user without showing a page."""
    if not unsubscribe_url:
        return {}
    return {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


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
