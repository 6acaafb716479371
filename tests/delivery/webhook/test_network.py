"""Connections that do not come about, and whose fault that is."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import ssl
import struct
import warnings
from collections.abc import Callable, Sequence
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest
import trustme

from django_report_scheduling.delivery.webhook import trust
from django_report_scheduling.delivery.webhook.addresses import Address
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.network import MAX_DIALED, BoundedStream, dial
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, Outcome, OutcomeCode
from tests.delivery.webhook.receiver import HOST, URL, Connection, answering, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)

Clients = Callable[..., WebhookClient]


def post(client: WebhookClient, body: bytes = b"{}") -> Outcome:
    return client.post(URL, body=body, headers={}, now=NOW, seconds=10)


def unreachable(*errors: int | None, addresses: Sequence[str]) -> tuple[WebhookClient, list[str]]:
    """A client whose connections fail one after the other; ``None`` stands for a time-out."""
    waiting = iter(errors)
    dialed = []

    def fail(address: Address, _port: int, _seconds: float) -> socket.socket:
        dialed.append(str(address))
        code = next(waiting)
        raise TimeoutError if code is None else OSError(code, "failed")

    found: list[Address] = [IPv6Address(text) if ":" in text else IPv4Address(text) for text in addresses]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return WebhookClient(resolve=lambda _host, _deadline: found, dial=fail, trust=lambda: context), dialed


@pytest.mark.parametrize(
    ("error", "code", "counts"),
    [
        (errno.ECONNREFUSED, OutcomeCode.CONNECT, True),
        (errno.ECONNRESET, OutcomeCode.CONNECT, True),
        (errno.ETIMEDOUT, OutcomeCode.TIMEOUT, True),
        (None, OutcomeCode.TIMEOUT, True),
        (errno.ENETUNREACH, OutcomeCode.NO_ROUTE, False),
        (errno.EHOSTUNREACH, OutcomeCode.NO_ROUTE, False),
        (errno.ENETDOWN, OutcomeCode.NO_ROUTE, False),
        (errno.EMFILE, OutcomeCode.OWN_FAULT, False),
        (errno.EADDRNOTAVAIL, OutcomeCode.OWN_FAULT, False),
        (errno.EPERM, OutcomeCode.OWN_FAULT, False),
    ],
)
def test_attack_049_our_own_network_is_told_apart_from_the_receiver(
    error: int | None, code: OutcomeCode, counts: bool
) -> None:
    client, _ = unreachable(error, addresses=["93.184.215.14"])
    outcome = post(client)
    assert outcome.code is code
    assert outcome.counts_against_endpoint is counts


def test_the_receivers_failure_outweighs_a_route_that_we_lack() -> None:
    client, dialed = unreachable(
        errno.ECONNREFUSED, errno.ENETUNREACH, addresses=["93.184.215.14", "2606:2800:21f:cb07::1"]
    )
    assert post(client).code is OutcomeCode.CONNECT
    assert dialed == ["93.184.215.14", "2606:2800:21f:cb07::1"]


def test_no_more_than_a_handful_of_addresses_is_tried() -> None:
    client, dialed = unreachable(*[errno.ECONNREFUSED] * 50, addresses=[f"93.184.215.{n}" for n in range(50)])
    assert post(client).code is OutcomeCode.CONNECT
    assert len(dialed) == MAX_DIALED


def test_the_next_address_is_tried_when_one_is_dead(client_for: Clients, authority: trustme.CA) -> None:
    with receiver(answering(), server_context(authority)) as server:

        def dial_second(address: Address, _port: int, seconds: float) -> socket.socket:
            if str(address) == "93.184.215.14":
                raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")
            return server.dialed(seconds)

        client = client_for(server, addresses=["93.184.215.14", "93.184.215.15"], dial=dial_second)
        assert post(client).delivered


def test_a_mapped_address_is_dialed_as_the_address_in_it() -> None:
    client, dialed = unreachable(errno.ECONNREFUSED, addresses=["::ffff:93.184.215.14"])
    post(client)
    assert dialed == ["93.184.215.14"]


def test_the_dialer_connects_to_an_address() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        dial(IPv4Address("127.0.0.1"), listener.getsockname()[1], 5) as connection,
    ):
        assert connection.getpeername() == listener.getsockname()
        assert connection.gettimeout() == 5


def test_the_dialer_tells_when_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        dial(IPv4Address("127.0.0.1"), port, 5)


def test_a_receiver_may_answer_before_it_has_read_everything(client_for: Clients, authority: trustme.CA) -> None:
    def script(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 413 Content Too Large\r\n\r\n")
        connection.socket.shutdown(socket.SHUT_RDWR)

    with receiver(script, server_context(authority)) as server:
        outcome = post(client_for(server), bytes(20_000_000))
    # The reset that follows may overtake the answer on its way.
    assert (outcome.code, outcome.status) in {(OutcomeCode.HTTP_STATUS, 413), (OutcomeCode.CONNECT, None)}


def test_a_connection_that_is_reset_is_the_receivers_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = dial(IPv4Address("127.0.0.1"), listener.getsockname()[1], 5)
        far, _ = listener.accept()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        far.close()
        stream = BoundedStream(near, Deadline(5))
        with closing(stream), pytest.raises(AttemptFailed) as failure:
            stream.read(1)
    assert failure.value.code is OutcomeCode.CONNECT


@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_attack_019_old_versions_of_tls_are_refused(
    client_for: Clients, authority: trustme.CA, authority_file: Path, version: str
) -> None:
    def lenient() -> ssl.SSLContext:
        context = trust.trust_from(str(authority_file))
        _allow(context, version)
        return context

    server_side = server_context(authority)
    _allow(server_side, version, at_most=True)
    with receiver(answering(), server_side) as server:
        outcome = post(client_for(server))
        control = post(client_for(server, trust=lenient))
    assert outcome.code is OutcomeCode.TLS
    assert outcome.counts_against_endpoint
    assert control.delivered  # so the server does speak it, and only our rule was in the way
    assert len(server.requests) == 1


def _allow(context: ssl.SSLContext, version: str, *, at_most: bool = False) -> None:
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = getattr(ssl.TLSVersion, version)
        if at_most:
            context.maximum_version = getattr(ssl.TLSVersion, version)


@pytest.fixture
def fresh_trust() -> Any:
    trust.public_trust.cache_clear()
    yield
    trust.public_trust.cache_clear()


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_attack_049_a_broken_list_of_authorities_is_our_own_fault(
    client_for: Clients, authority: trustme.CA, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server, trust=lambda: trust.trust_from(str(path))))
    assert outcome.code is OutcomeCode.CA_STORE
    assert not outcome.counts_against_endpoint
    assert server.accepted == 0


def test_a_list_of_authorities_without_any_is_our_own_fault(authority: trustme.CA, tmp_path: Path) -> None:
    path = tmp_path / "leaf.pem"
    authority.issue_cert(HOST).cert_chain_pems[0].write_to_path(str(path))
    with pytest.raises(AttemptFailed) as failure:
        trust.trust_from(str(path))
    assert failure.value.code is OutcomeCode.CA_STORE


def test_attack_026_authorities_of_the_environment_are_not_trusted(
    client_for: Clients,
    authority: trustme.CA,
    authority_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    fresh_trust: None,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(authority_file.parent))
    with receiver(answering(), server_context(authority)) as server:
        outcome = post(client_for(server, trust=trust.public_trust))
    assert outcome.code is OutcomeCode.TLS
    assert server.requests == []


def test_the_public_rules_verify_names_and_know_the_public_authorities(fresh_trust: None) -> None:
    context = trust.public_trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.keylog_filename is None
    assert context.cert_store_stats()["x509_ca"] > 50
