"""Requests over real sockets and TLS: what reaches a receiver, and what an attempt comes to."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import trustme

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.outcome import Outcome, OutcomeCode
from tests.delivery.webhook.receiver import HOST, URL, answering, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
BODY = b'{"type":"webhook.ping"}'

Clients = Callable[..., WebhookClient]


def post(client: WebhookClient, url: str = URL, **changes: Any) -> Outcome:
    values: dict[str, Any] = {"body": BODY, "headers": {}, "now": NOW, "seconds": 10.0}
    return client.post(url, **{**values, **changes})


def test_a_2xx_answer_is_a_delivery(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering("202 Accepted", body=b"thanks"), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert (outcome.code, outcome.status) == (OutcomeCode.DELIVERED, 202)
    assert outcome.delivered
    assert not outcome.counts_against_endpoint


def test_the_body_arrives_byte_for_byte(client_for: Clients, authority: trustme.CA) -> None:
    body = '{"name":"Zoë \\u0000 1.10"}'.encode()
    with receiver(answering(), server_context(authority)) as server:
        post(client_for(server), body=body)
        post(client_for(server), body=b"")
    assert [request.body for request in server.requests] == [body, b""]


def test_attack_018_name_in_handshake_and_host_header_stay_the_customers(
    client_for: Clients, authority: trustme.CA
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server))
    assert outcome.delivered
    assert server.server_names == [HOST]
    assert server.requests[0]["host"] == HOST
    assert server.requests[0].line == "POST /in?token=canary-token HTTP/1.1"


def test_attack_018_an_international_name_is_verified_in_ascii(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority, "xn--fa-hia.de")) as server:
        outcome = post(client_for(server), "https://faß.de/")
    assert outcome.delivered
    assert server.server_names == ["xn--fa-hia.de"]
    assert server.requests[0]["host"] == "xn--fa-hia.de"


def test_another_port_is_part_of_the_host_header(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority)) as server:
        post(client_for(server, allowed_ports=(8443,)), f"https://{HOST}:8443/")
    assert server.requests[0]["host"] == f"{HOST}:8443"


def test_an_address_that_was_stored_before_the_rules_is_checked_again(
    client_for: Clients, authority: trustme.CA
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server), "http://hooks.example.com/")
    assert outcome.code is OutcomeCode.URL_REFUSED
    assert outcome.counts_against_endpoint
    assert server.accepted == 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1"])
def test_attack_001_a_name_that_leads_inside_is_refused_before_anything_is_sent(
    client_for: Clients, authority: trustme.CA, address: str
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server, addresses=[address]))
    assert outcome.code is OutcomeCode.ADDRESS_NOT_PUBLIC
    assert server.accepted == 0


def test_attack_002_each_attempt_goes_to_the_address_that_its_own_look_up_gave(
    client_for: Clients, authority: trustme.CA
) -> None:
    answers = iter(["93.184.215.14", "169.254.169.254", "93.184.215.15"])
    dialed = []
    with receiver(answering(), server_context(authority)) as server:

        def dial(address: Any, port: int, seconds: float) -> Any:
            dialed.append((str(address), port))
            return server.dialed(seconds)

        client = client_for(server, resolve=lambda _host, _deadline: [ip_address(next(answers))], dial=dial)
        codes = [post(client).code for _ in range(3)]
    assert codes == [OutcomeCode.DELIVERED, OutcomeCode.ADDRESS_NOT_PUBLIC, OutcomeCode.DELIVERED]
    assert dialed == [("93.184.215.14", 443), ("93.184.215.15", 443)]
    assert next(answers, None) is None


@pytest.mark.parametrize("inside", ["10.0.0.1", "::1"])
def test_attack_003_one_inner_address_spoils_the_whole_answer(
    client_for: Clients, authority: trustme.CA, inside: str
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server, addresses=["93.184.215.14", inside]))
    assert outcome.code is OutcomeCode.ADDRESS_NOT_PUBLIC
    assert server.accepted == 0


def test_attack_017_certificate_for_another_name(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority, "other.example.com")) as server:
        outcome = post(client_for(server))
    assert outcome.code is OutcomeCode.TLS
    assert server.requests == []


def test_attack_017_expired_certificate(client_for: Clients, authority: trustme.CA) -> None:
    context = server_context(authority)
    authority.issue_cert(HOST, not_after=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)).configure_cert(context)
    with receiver(answering(), context) as server:
        outcome = post(client_for(server))
    assert outcome.code is OutcomeCode.TLS
    assert server.requests == []


def test_attack_017_certificate_of_an_unknown_authority(client_for: Clients) -> None:
    with receiver(answering(), server_context(trustme.CA())) as server:
        outcome = post(client_for(server))
    assert outcome.code is OutcomeCode.TLS
    assert outcome.counts_against_endpoint
    assert server.requests == []


def test_every_attempt_has_a_connection_of_its_own(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority)) as server:
        client = client_for(server)
        assert [post(client).delivered for _ in range(3)] == [True] * 3
    assert server.accepted == 3
    assert server.requests[0]["connection"] == "close"


def test_attack_044_nothing_of_a_request_is_logged(
    client_for: Clients, authority: trustme.CA, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiver(answering("200 OK", "x-inner: canary\r\n", b"canary"), server_context(authority)) as server:
        post(client_for(server), body=b"canary", headers={"webhook-signature": "v1,canary"})
    assert "canary" not in caplog.text
    assert HOST not in caplog.text


def test_attack_026_the_environment_neither_redirects_nor_weakens_anything(
    client_for: Clients,
    authority: trustme.CA,
    authority_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {HOST} login canary password canary\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with receiver(answering(), server_context(authority)) as server:
        assert post(client_for(server)).delivered
    assert "authorization" not in {name.lower() for name, _ in server.requests[0].headers}


def test_attack_027_headers_that_decide_how_a_request_is_read_cannot_be_set(client_for: Clients) -> None:
    refused: list[Mapping[str, str]] = [
        {"Host": "inner.example.com"},
        {"transfer-encoding": "chunked"},
        {"Content-Length": "1"},
        {"Proxy-Authorization": "x"},
        {"x-note": "a\r\nhost: b"},
        {"x-note": "a\nb"},
        {"x note": "a"},
        {"x-note:": "a"},
        {"x-note": ""},
        {"x-note": "é"},
    ]
    for headers in refused:
        with pytest.raises(ValueError, match="The header"):
            post(WebhookClient(), headers=headers)


def test_a_channel_may_replace_the_content_type(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority)) as server:
        post(client_for(server))
        post(client_for(server), headers={"Content-Type": "text/plain"})
    assert [request["content-type"] for request in server.requests] == ["application/json", "text/plain"]
