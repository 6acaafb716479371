"""What receivers answer, over real sockets and TLS, and what an attempt makes of it."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from django_report_scheduling.delivery.webhook import exchange
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.network import BoundedStream
from django_report_scheduling.delivery.webhook.outcome import Outcome, OutcomeCode
from tests.delivery.webhook.receiver import URL, Connection, Script, answering, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
KILOBYTE = b"x" * 1024

Clients = Callable[..., WebhookClient]


def post(client: WebhookClient, **changes: Any) -> Outcome:
    values: dict[str, Any] = {"body": b"{}", "headers": {}, "now": NOW, "seconds": 10.0}
    return client.post(URL, **{**values, **changes})


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_any_other_status_is_a_failure_of_the_receiver(client_for: Clients, authority: trustme.CA, status: int) -> None:
    with receiver(answering(f"{status} No"), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.code, outcome.status) == (OutcomeCode.HTTP_STATUS, status)
    assert outcome.counts_against_endpoint


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("retry-after: 120\r\n", 120.0),
        ("Retry-After: Mon, 02 Mar 2026 07:00:30 GMT\r\n", 30.0),
        ("retry-after: soon\r\n", None),
        ("retry-after: 1\r\nretry-after: 2\r\n", None),
        ("", None),
    ],
)
def test_attack_050_the_wait_that_the_receiver_asks_for_is_told(
    client_for: Clients, authority: trustme.CA, header: str, wait: float | None
) -> None:
    with receiver(answering("503 Busy", header), server_context(authority)) as server:
        assert post(client_for(server)).retry_after == wait


@pytest.mark.parametrize("status", ["204 No Content", "500 No"])
def test_attack_028_nothing_of_the_answer_but_its_status_gets_out(
    client_for: Clients, authority: trustme.CA, status: str
) -> None:
    body = b"canary-body" if status.startswith("5") else b""
    with receiver(answering(status, "x-inner: canary-header\r\n", body), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert "canary" not in repr(outcome)


def test_attack_024_a_compressed_answer_is_never_unpacked(
    client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    monkeypatch.setattr(zlib, "decompressobj", None)
    monkeypatch.setattr(zlib, "decompress", None)
    with receiver(answering("200 OK", "content-encoding: gzip\r\n", bomb), server_context(authority)) as server:
        assert post(client_for(server)).delivered
    assert server.requests[0]["accept-encoding"] == "identity"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_attack_016_redirect_not_followed(client_for: Clients, authority: trustme.CA, status: int) -> None:
    with receiver(answering(), server_context(authority)) as inner:
        location = f"location: https://127.0.0.1:{inner.port}/\r\n"
        with receiver(answering(f"{status} Moved", location), server_context(authority)) as server:
            outcome = post(client_for(server))
    assert (outcome.code, outcome.status) == (OutcomeCode.HTTP_STATUS, status)
    assert outcome.counts_against_endpoint
    assert (server.accepted, inner.accepted) == (1, 0)


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each read of a connection gets."""
    counts: list[int] = []
    read = BoundedStream.read

    def counted(stream: BoundedStream, max_bytes: int, **options: Any) -> bytes:
        data = read(stream, max_bytes, **options)
        counts.append(len(data))
        return data

    monkeypatch.setattr(BoundedStream, "read", counted)
    return counts


def _head_then(rest: bytes) -> Script:
    def script(connection: Connection) -> None:
        connection.read()
        connection.send(rest)

    return script


def _flood(head: bytes, piece: bytes) -> Script:
    def script(connection: Connection) -> None:
        connection.read()
        connection.send(head)
        while not connection.receiver.stop.is_set():
            connection.send(piece)

    return script


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(_flood(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n", KILOBYTE), id="100 MB"),
        pytest.param(_flood(b"HTTP/1.1 200 OK\r\n\r\n", KILOBYTE), id="no length"),
        pytest.param(
            _flood(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"400\r\n" + KILOBYTE + b"\r\n"),
            id="chunked without end",
        ),
    ],
)
def test_attack_023_an_answer_without_end_is_cut_off_and_its_status_holds(
    client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, script: Script
) -> None:
    read = counting(monkeypatch)
    with receiver(script, server_context(authority)) as server:
        outcome = post(client_for(server))
        assert server.cut_off.wait(10)
    assert (outcome.code, outcome.status) == (OutcomeCode.DELIVERED, 200)
    assert sum(read) <= exchange.MAX_BODY + 2 * 65536  # the head, and what came along with the last byte of the cap


def test_attack_023_interim_answers_without_end_are_cut_off_and_say_nothing(
    client_for: Clients, authority: trustme.CA
) -> None:
    script = _flood(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
    with receiver(script, server_context(authority)) as server:
        outcome = post(client_for(server))
        assert server.cut_off.wait(10)
    assert (outcome.code, outcome.status) == (OutcomeCode.TOO_LARGE, None)
    assert outcome.counts_against_endpoint


@pytest.mark.parametrize("length", [0, exchange.MAX_BODY, exchange.MAX_BODY + 1])
def test_attack_023_the_status_decides_however_long_the_body_is(
    client_for: Clients, authority: trustme.CA, length: int
) -> None:
    with receiver(answering("200 OK", body=b"x" * length), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.delivered, outcome.status) == (True, 200)


def test_attack_023_a_long_body_does_not_turn_a_failure_into_anything_else(
    client_for: Clients, authority: trustme.CA
) -> None:
    script = _flood(b"HTTP/1.1 500 No\r\ncontent-length: 100000000\r\n\r\n", KILOBYTE)
    with receiver(script, server_context(authority)) as server:
        outcome = post(client_for(server))
        assert server.cut_off.wait(10)
    assert (outcome.code, outcome.status) == (OutcomeCode.HTTP_STATUS, 500)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"content-length: 10\r\n\r\nshort", id="lying content-length"),
        pytest.param(b"transfer-encoding: chunked\r\n\r\n5\r\nshort\r\n", id="no last chunk"),
        pytest.param(b"transfer-encoding: chunked\r\n\r\nnonsense\r\n", id="no chunks"),
    ],
)
def test_attack_023_an_answer_that_breaks_off_after_its_head_has_said_what_it_says(
    client_for: Clients, authority: trustme.CA, rest: bytes
) -> None:
    with receiver(_head_then(b"HTTP/1.1 200 OK\r\n" + rest), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.delivered, outcome.status) == (True, 200)


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n", id="attack 023: broken off in the head"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n", id="attack 023: no content-length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx", id="attack 023: two lengths"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"x-many: 1\r\n" * 100_000 + b"\r\n", id="attack 025: 100 000 headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"x-many: 1\r\n" * 101 + b"\r\n", id="attack 025: 101 headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nx-long: " + b"x" * 200_000 + b"\r\n\r\n", id="attack 025: a long header"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="another protocol"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_proper_answer_is_a_protocol_error(client_for: Clients, authority: trustme.CA, rest: bytes) -> None:
    with receiver(_head_then(rest), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert outcome.code is OutcomeCode.PROTOCOL
    assert outcome.counts_against_endpoint
