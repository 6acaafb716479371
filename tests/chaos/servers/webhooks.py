"""The receiver of all webhooks: verifies each message, writes it down before it answers, and can behave badly.

As a program, ``python -m tests.chaos.servers.webhooks PORT FOLDER``, it is a process of its own: killing everything
else must not make it forget. First of all it makes a certificate authority of its own, and leaves that in the folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import sys
import time
from pathlib import Path

import trustme
from standardwebhooks import Webhook, WebhookVerificationError

from tests.chaos.orders import Orders
from tests.chaos.servers.names import AUTHORITY, BROKEN, BUSY, DROP_AFTER, HOST, MESSAGE, MESSAGES, SECRETS

ANSWERS = {
    "": "204 No Content\r\n\r\n",
    BROKEN: "500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
    BUSY: "503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n",
}


class Sink:
    """Takes messages, one line each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = (folder / MESSAGES).open("a", encoding="utf-8")
        self._orders = Orders(folder)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").splitlines()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            answer = self._answer(head.split()[1], headers, body)
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):  # the sender was killed
            pass
        finally:
            writer.close()

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        fault = self._orders.take(MESSAGE)
        if fault in {"", DROP_AFTER}:
            self._keep(path, headers, body)
        return f"HTTP/1.1 {ANSWERS[fault]}".encode() if fault in ANSWERS else b""

    def _keep(self, path: str, headers: dict[str, str], body: bytes) -> None:
        message = {
            "at": time.time(),
            "path": path.lstrip("/"),
            "id": headers.get("webhook-id", ""),
            "body": body.decode(),
            "verified": self._verified(path, headers, body),
        }
        self._file.write(json.dumps(message) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _verified(self, path: str, headers: dict[str, str], body: bytes) -> bool:
        secrets = json.loads((self._folder / SECRETS).read_text(encoding="ascii"))
        try:
            Webhook(secrets[path.lstrip("/")]).verify(body, headers)
        except (KeyError, WebhookVerificationError):
            return False
        return True


async def serve(port: int, folder: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / AUTHORITY))
    server = await asyncio.start_server(Sink(folder).serve, "127.0.0.1", port, ssl=context)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
