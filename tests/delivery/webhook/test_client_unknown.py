"""Whether a receiver may have a message although it did not say so: what a channel must not send twice."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable
from typing import Any

import pytest
import trustme

from django_report_scheduling.delivery.webhook import Outcome, OutcomeCode, WebhookClient
from tests.delivery.webhook.receiver import URL, Connection, Script, answering, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)

Clients = Callable[..., WebhookClient]


def post(client: WebhookClient, url: str = URL) -> Outcome:
    return client.post(url, body=b"{}", headers={}, now=NOW, seconds=1)


def _silent(connection: Connection) -> None:
    connection.read()
    connection.keep_open()


def _hangs_up(connection: Connection) -> None:
    connection.read()


def _breaks_off(connection: Connection) -> None:
    connection.read()
    connection.send(b"HTTP/1.1 200 OK\r\nx-cut: ")


def _talks_nonsense(connection: Connection) -> None:
    connection.read()
    connection.send(b"SSH-2.0-OpenSSH_9.6\r\n")


@pytest.mark.parametrize("script", [_silent, _hangs_up, _breaks_off, _talks_nonsense])
def test_without_the_head_of_an_answer_nobody_knows(client_for: Clients, authority: trustme.CA, script: Script) -> None:
    with receiver(script, server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.unknown, outcome.sent, outcome.delivered, len(server.requests)) == (True, True, False, 1)


@pytest.mark.parametrize("status", ["204 No Content", "302 Found", "404 Not Found", "500 No"])
def test_a_status_says_it(client_for: Clients, authority: trustme.CA, status: str) -> None:
    with receiver(answering(status), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.unknown, outcome.sent) == (False, True)


def _refused(*_arguments: object) -> Any:
    raise ConnectionRefusedError


@pytest.mark.parametrize(
    "changes",
    [
        {"dial": _refused},
        {"addresses": ["10.0.0.1"]},
        {"trust": ssl.create_default_context},
    ],
    ids=["no connection", "no public address", "no trusted encryption"],
)
def test_what_was_not_begun_to_be_sent_has_certainly_not_arrived(
    client_for: Clients, authority: trustme.CA, changes: dict[str, Any]
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server, **changes))
    assert (outcome.unknown, outcome.sent, outcome.delivered) == (False, False, False)
    assert server.requests == []


def test_a_url_that_is_refused_has_certainly_got_nothing() -> None:
    outcome = post(WebhookClient(), "http://hooks.example.com/")
    assert (outcome.code, outcome.unknown) == (OutcomeCode.URL_REFUSED, False)
