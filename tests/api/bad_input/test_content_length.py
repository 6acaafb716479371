"""A server that is told a wrong length of the body refuses it, at once, and stores nothing."""

from __future__ import annotations

import socket
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from pytest_django.live_server_helper import LiveServer

from tests.api.world.contents import contents

BODY = b'{"name": "A name"}'
LONG = b" " * 300_000


def status_of(url: str, *headers: str, body: bytes) -> int:
    """Send a request as it is, close our side, and return the status of the answer."""
    at = urlsplit(url)
    login = b64encode(b"manager:secret").decode()
    head = [
        "POST /api/v1/report-schedules/ HTTP/1.1", f"Host: {at.netloc}", f"Authorization: Basic {login}",
        "Content-Type: application/json", "Connection: close", *headers, "", "",
    ]  # fmt: skip
    with socket.create_connection((at.hostname, at.port), timeout=30) as connection:
        connection.sendall("\r\n".join(head).encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").readline()
    return int(answer.split()[1])


@pytest.mark.parametrize(
    ("header", "body", "status"),
    [
        ("Content-Length: 5", BODY, 400),
        ("Content-Length: 1000", BODY, 400),
        ("Content-Length: 0", BODY, 400),
        ("Content-Length: -1", BODY, 400),
        ("Content-Length: many", BODY, 400),
        ("Content-Length: 1e9", BODY, 400),
        ("Content-Length: 10000000000", LONG, 413),
        ("Transfer-Encoding: chunked", b"12\r\n" + BODY + b"\r\n0\r\n\r\n", 400),
    ],
)
def test_a_wrong_length_is_refused(
    header: str, body: bytes, status: int, live_server: LiveServer, transactional_db: None
) -> None:
    get_user_model().objects.create_user("manager", password="secret", is_superuser=True)
    before = contents()

    assert status_of(live_server.url, header, body=body) == status
    assert contents() == before
