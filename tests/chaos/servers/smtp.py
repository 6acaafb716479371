"""A mail server that writes down what it accepts before it says so, and can be told to behave badly.

As a program, ``python -m tests.chaos.servers.smtp PORT FOLDER``, it is a process of its own: killing everything else
must not make it forget.
"""

from __future__ import annotations

import asyncio
import os
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.chaos.orders import Orders

MAILS = "mails"
GREETING, DATA = "SMTP greeting", "SMTP data"
CLOSED, BUSY, REFUSE, DROP_BEFORE, DROP_AFTER = "closed", "busy", "refuse", "drop-before", "drop-after"
FAULTS = ((GREETING, CLOSED), (DATA, BUSY), (DATA, REFUSE), (DATA, DROP_BEFORE), (DATA, DROP_AFTER))
"""Where in the conversation what goes wrong."""


class Sink:
    """Accepts mails, one line each: Message-ID and recipient."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / MAILS).open("a", encoding="utf-8")
        self._orders = Orders(folder)

    async def handle_EHLO(  # noqa: N802  # the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self._orders.take(GREETING) == CLOSED:
            _drop(server)
        return responses

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        fault = self._orders.take(DATA)
        if fault == BUSY:
            return "451 Try again later"
        if fault == REFUSE:
            return "550 Not wanted"
        if fault == DROP_BEFORE:
            _drop(server)
            return "451 Never heard"
        self._keep(envelope)
        if fault == DROP_AFTER:
            _drop(server)
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        message = message_from_bytes(envelope.content or b"")
        for recipient in envelope.rcpt_tos:
            self._file.write(f"{message['Message-ID']} {recipient}\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _drop(server: SMTP) -> None:
    transport: Any = server.transport
    transport.abort()


async def serve(port: int, folder: Path) -> None:
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost"), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
