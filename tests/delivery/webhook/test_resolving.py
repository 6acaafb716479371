"""From a host name to checked addresses, against name servers on loopback."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from itertools import chain, repeat
from types import SimpleNamespace

import dns.message
import dns.rcode
import dns.resolver
import pytest

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, OutcomeCode
from django_report_scheduling.delivery.webhook.resolving import Lookup, public_addresses
from tests.delivery.webhook.name_server import NameServer, asked, failing, name_server, records, silent, truncated

HOST = "hooks.example.com"
URL = f"https://{HOST}/"
GRACE = 0.6


def found(*servers: NameServer, seconds: float = 5) -> Sequence[str]:
    """Return the addresses that these name servers tell."""
    lookup = Lookup(name_servers=[server.address for server in servers])
    return [str(address) for address in lookup(HOST, Deadline(seconds))]


def failure(*servers: NameServer, seconds: float = 5) -> OutcomeCode:
    """Return why they tell none."""
    with pytest.raises(AttemptFailed) as raised:
        found(*servers, seconds=seconds)
    return raised.value.code


def test_both_kinds_of_addresses_are_asked_for() -> None:
    with name_server(records(A=["93.184.215.14", "93.184.215.15"], AAAA=["2606:2800::1"])) as server:
        assert sorted(found(server)[:2]) == ["93.184.215.14", "93.184.215.15"]
        assert found(server)[2] == "2606:2800::1"


def test_aliases_are_followed() -> None:
    with name_server(records(CNAME=["lb.example.net.", "eu.lb.example.net."], A=["93.184.215.14"])) as server:
        assert found(server) == ["93.184.215.14"]


def test_a_long_answer_is_fetched_over_tcp() -> None:
    addresses = [f"93.184.{number}.1" for number in range(200)]
    with name_server(truncated, over_tcp=records(A=addresses)) as server:
        assert sorted(found(server)) == sorted(addresses)
    assert server.tcp_questions == ["A", "AAAA"]


def test_a_name_that_does_not_exist_is_the_receivers_failure() -> None:
    with name_server(failing(dns.rcode.NXDOMAIN)) as server:
        assert failure(server) is OutcomeCode.NAME_NOT_FOUND


def test_a_name_without_an_address_is_the_receivers_failure() -> None:
    with name_server(records()) as server:
        assert failure(server) is OutcomeCode.NAME_NOT_FOUND


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_the_next_name_server_is_asked_when_one_fails(code: dns.rcode.Rcode) -> None:
    with name_server(failing(code)) as broken, name_server(records(A=["93.184.215.14"])) as sound:
        assert found(broken, sound) == ["93.184.215.14"]


def test_name_servers_that_all_fail_are_our_trouble() -> None:
    with name_server(failing(dns.rcode.SERVFAIL)) as one, name_server(failing(dns.rcode.REFUSED)) as other:
        assert failure(one, other) is OutcomeCode.DNS
    assert (one.questions, other.questions) == (["A", "AAAA"], ["A", "AAAA"])


def test_a_name_server_that_is_silent_about_one_kind_does_not_spoil_the_other() -> None:
    known = records(A=["93.184.215.14"])
    with name_server(lambda question: known(question) if asked(question) == "A" else None) as server:
        assert found(server, seconds=0.6) == ["93.184.215.14"]


def test_a_name_server_that_nobody_runs_is_our_trouble() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        address = udp.getsockname()
    with pytest.raises(AttemptFailed) as raised:
        Lookup(name_servers=[address])(HOST, Deadline(0.5))
    assert raised.value.code is OutcomeCode.DNS


def test_an_answer_that_never_arrives_over_tcp_is_our_trouble() -> None:
    with name_server(truncated) as server:
        assert failure(server) is OutcomeCode.DNS


def test_aliases_in_a_circle_are_trouble_of_the_dns() -> None:
    with name_server(records(CNAME=["b.example.com.", f"{HOST}."])) as server:
        assert failure(server) is OutcomeCode.DNS


def test_a_name_server_that_lost_a_question_is_asked_again_and_a_broken_one_is_not() -> None:
    replies = chain([silent], repeat(records(A=["93.184.215.14"])))

    def forget_the_first(question: dns.message.Message) -> dns.message.Message | None:
        return next(replies)(question)

    with name_server(failing(dns.rcode.SERVFAIL)) as broken, name_server(forget_the_first) as forgetful:
        assert found(broken, forgetful) == ["93.184.215.14"]
    assert broken.questions == ["A", "AAAA"]
    assert forgetful.questions == ["A", "A", "AAAA"]


def test_the_name_servers_of_the_system_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with name_server(records(A=["93.184.215.14"])) as server:
        address, port = server.address
        monkeypatch.setattr(dns.resolver, "Resolver", lambda: SimpleNamespace(nameservers=[address], port=port))
        assert [str(one) for one in Lookup()(HOST, Deadline(5))] == ["93.184.215.14"]


def test_a_machine_without_name_servers_is_our_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", none)
    with pytest.raises(AttemptFailed) as raised:
        Lookup()(HOST, Deadline(5))
    assert raised.value.code is OutcomeCode.DNS


def test_attack_021_a_silent_name_server_neither_holds_a_worker_nor_blames_the_receiver() -> None:
    with name_server(silent) as server:
        client = WebhookClient(resolve=Lookup(name_servers=[server.address]))
        outcome = client.post(URL, body=b"{}", headers={}, now=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), seconds=0.7)
    assert outcome.code is OutcomeCode.DNS
    assert not outcome.counts_against_endpoint
    assert outcome.duration <= 0.7 + GRACE


def test_attack_021_silence_over_tcp_does_not_stretch_the_deadline() -> None:
    with name_server(truncated, over_tcp=silent) as server:
        deadline = Deadline(0.7)
        assert failure(server, seconds=0.7) is OutcomeCode.DNS
        assert deadline.elapsed() <= 0.7 + GRACE


@pytest.mark.parametrize("inside", [{"A": ["10.0.0.1"]}, {"AAAA": ["::1"]}, {"AAAA": ["::ffff:127.0.0.1"]}])
def test_attack_003_mixed_answers_are_refused_as_a_whole(inside: dict[str, list[str]]) -> None:
    answer = {"A": ["93.184.215.14", *inside.get("A", [])], "AAAA": inside.get("AAAA", [])}
    with name_server(records(**answer)) as server, pytest.raises(AttemptFailed) as raised:
        public_addresses(HOST, Deadline(5), resolve=Lookup(name_servers=[server.address]))
    assert raised.value.code is OutcomeCode.ADDRESS_NOT_PUBLIC


def test_public_addresses_are_returned_plainly() -> None:
    addresses = [ip_address("::ffff:93.184.215.14"), ip_address("2606:2800::1")]
    checked = public_addresses(HOST, Deadline(5), resolve=lambda _host, _deadline: addresses)
    assert [str(address) for address in checked] == ["93.184.215.14", "2606:2800::1"]


def test_networks_of_ones_own_are_refused() -> None:
    with pytest.raises(AttemptFailed) as raised:
        public_addresses(
            HOST,
            Deadline(5),
            resolve=lambda _host, _deadline: [ip_address("93.184.215.14")],
            also_refused=iter([ip_network("93.184.215.0/24")]),
        )
    assert raised.value.code is OutcomeCode.ADDRESS_NOT_PUBLIC


def test_a_resolver_that_finds_nothing_is_no_permission() -> None:
    with pytest.raises(AttemptFailed) as raised:
        public_addresses(HOST, Deadline(5), resolve=lambda _host, _deadline: [])
    assert raised.value.code is OutcomeCode.NAME_NOT_FOUND
