"""Receivers that keep a worker waiting: one deadline ends every attempt."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable

import pytest
import trustme

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.outcome import OutcomeCode
from tests.delivery.webhook.receiver import URL, Connection, Script, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
SECONDS = 0.7
GRACE = 0.6


def _drip(head: bytes, piece: bytes) -> Script:
    def script(connection: Connection) -> None:
        connection.read()
        connection.send(head)
        connection.drip(piece)

    return script


def _never_reads(connection: Connection) -> None:
    connection.keep_open()


def _drips_handshake(connection: Connection) -> None:
    connection.send(b"\x16\x03\x03\x40\x00")
    connection.drip(b"\x02")


ENCRYPTED = {
    "headers dripped": _drip(b"HTTP/1.1 200 OK\r\nx-slow: ", b"x"),
    "body dripped": _drip(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n", b"x"),
    "chunks dripped": _drip(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "interim answers dripped": _drip(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "no answer": _drip(b"", b""),
    "peer never reads": _never_reads,
}
PLAIN = {"silent handshake": _never_reads, "handshake dripped": _drips_handshake}


@pytest.mark.parametrize("kind", [*ENCRYPTED, *PLAIN])
def test_attack_020_an_attempt_ends_at_its_deadline(
    client_for: Callable[..., WebhookClient], authority: trustme.CA, kind: str
) -> None:
    script = ENCRYPTED.get(kind) or PLAIN[kind]
    body = bytes(30_000_000) if kind == "peer never reads" else b"{}"
    with receiver(script, server_context(authority) if kind in ENCRYPTED else None) as server:
        outcome = client_for(server).post(URL, body=body, headers={}, now=NOW, seconds=SECONDS)
    taken = kind in {"body dripped", "chunks dripped"}  # the status was there
    assert outcome.code is (OutcomeCode.DELIVERED if taken else OutcomeCode.TIMEOUT)
    assert outcome.counts_against_endpoint is not taken
    assert SECONDS <= outcome.duration <= SECONDS + GRACE


def test_attack_020_looking_up_connecting_and_waiting_share_one_deadline(
    client_for: Callable[..., WebhookClient], authority: trustme.CA
) -> None:
    given = []

    def dial(_address: object, _port: int, seconds: float) -> socket.socket:
        given.append(seconds)
        raise TimeoutError

    with receiver(_never_reads, None) as server:
        client = client_for(server, addresses=["93.184.215.14", "93.184.215.15"], dial=dial)
        outcome = client.post(URL, body=b"", headers={}, now=NOW, seconds=8)
    assert outcome.code is OutcomeCode.TIMEOUT
    assert given[0] <= 4
    assert given[1] <= 8
