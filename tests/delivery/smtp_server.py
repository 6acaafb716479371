"""A real SMTP server on a free port, for as long as a ``with`` block lasts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mail_settings import send_through


@dataclass
class Mailbox:
    """What the server got, and what it answers.

    :param answers: by command (``RCPT`` or ``DATA``): a reply, or ``drop`` to close the connection.
    """

    answers: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [
            cast("EmailMessage", message_from_bytes(cast("bytes", envelope.content), policy=policy.default))
            for envelope in self.envelopes
        ]

    async def handle_RCPT(  # noqa: N802  # the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers.get("RCPT") == "drop":
            cast("asyncio.Transport", server.transport).abort()
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        self.envelopes.append(envelope)
        if self.answers.get("DATA") == "drop":
            cast("asyncio.Transport", server.transport).abort()
        return self.answers.get("DATA", "250 OK")


@contextmanager
def smtp_server(
    settings: Any, *, options: dict[str, Any] | None = None, login: dict[str, Any] | None = None, **answers: str
) -> Iterator[Mailbox]:
    """Run a server, and make Django's mail use it.

    :param options: of the server.
    :param login: options of Django's mailer beside host and port.
    """
    mailbox = Mailbox(answers=answers)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **(options or {}))
    controller.start()
    try:
        send_through(settings, "smtp", host="127.0.0.1", port=port, timeout=10, **(login or {}))
        yield mailbox
    finally:
        controller.stop()
