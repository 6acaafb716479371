"""From a host name to addresses that were all checked, inside a deadline, which the C library's resolver lacks."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from django_report_scheduling.delivery.webhook.addresses import Address, Network, is_public, plain
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.libraries import library
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, OutcomeCode

if TYPE_CHECKING:
    from dns.message import Message, QueryMessage

Resolve = Callable[[str, Deadline], Sequence[Address]]
"""Host and deadline → every address that the DNS gave; raises ``AttemptFailed`` (``dns``, ``name_not_found``)."""

LOOKUP_SECONDS: Final = 5.0
"""For all questions about one name together."""
TRY_SECONDS: Final = 1.5
"""For one question to one name server, before the next one is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """Asks name servers for the IPv4 and the IPv6 addresses of a host; neither search lists nor ``/etc/hosts``.

    :param name_servers: addresses with ports; those of the system where there are none given.
    """

    name_servers: Sequence[tuple[str, int]] = ()

    def __call__(self, host: str, deadline: Deadline) -> Sequence[Address]:
        """Return all addresses, the IPv4 ones first.

        :raises AttemptFailed: ``name_not_found`` where the DNS says so, ``dns`` where it says nothing of use.
        """
        name_servers = self.name_servers or _of_the_system()
        deadline = deadline.sooner(LOOKUP_SECONDS)
        found: list[Address] = []
        trouble: AttemptFailed | None = None
        for record_type in ("A", "AAAA"):
            try:
                found += _ask(host, record_type, name_servers, deadline)
            except AttemptFailed as failure:
                trouble = failure
                if failure.code is OutcomeCode.NAME_NOT_FOUND:
                    break
        if found:  # some name servers never answer for AAAA
            return found
        raise trouble or AttemptFailed(OutcomeCode.NAME_NOT_FOUND)


PUBLIC_DNS: Final = Lookup()


def public_addresses(
    host: str, deadline: Deadline, *, resolve: Resolve, also_refused: Iterable[Network] = (), nat64: bool = False
) -> Sequence[Address]:
    """Return the addresses of a host, each of them public.

    One that is not spoils them all: whoever mixes them wants us to pick the wrong one.

    :raises AttemptFailed: ``address_not_public``, or what ``resolve`` raises.
    """
    addresses = resolve(host, deadline)
    if not addresses:
        raise AttemptFailed(OutcomeCode.NAME_NOT_FOUND)
    refused = tuple(also_refused)
    if not all(is_public(address, also_refused=refused, nat64=nat64) for address in addresses):
        raise AttemptFailed(OutcomeCode.ADDRESS_NOT_PUBLIC)
    return [plain(address) for address in addresses]


def _of_the_system() -> Sequence[tuple[str, int]]:
    resolver = library("dns.resolver")
    try:
        configured = resolver.Resolver()
    except (resolver.NoResolverConfiguration, ValueError) as error:
        raise AttemptFailed(OutcomeCode.DNS) from error
    return [(name_server, configured.port) for name_server in configured.nameservers]


def _ask(host: str, record_type: str, name_servers: Sequence[tuple[str, int]], deadline: Deadline) -> Sequence[Address]:
    rcode = library("dns.rcode")
    answer = _first_answer(host, record_type, name_servers, deadline)
    if answer.rcode() == rcode.NXDOMAIN:
        raise AttemptFailed(OutcomeCode.NAME_NOT_FOUND)
    try:
        records = answer.resolve_chaining().answer
    except library("dns.exception").DNSException as error:
        raise AttemptFailed(OutcomeCode.DNS) from error
    return [ipaddress.ip_address(record.address) for record in records or ()]


def _first_answer(
    host: str, record_type: str, name_servers: Sequence[tuple[str, int]], deadline: Deadline
) -> QueryMessage:
    rcode = library("dns.rcode")
    silent = dict.fromkeys(name_servers)
    for name_server in _in_turn(silent):
        try:
            answer = _exchange(host, record_type, name_server, _seconds_for_one(deadline))
        except library("dns.exception").Timeout:
            continue  # it may have lost our question: ask again, after the others
        except (library("dns.exception").DNSException, OSError, EOFError):
            del silent[name_server]
            continue
        if answer.rcode() in {rcode.NOERROR, rcode.NXDOMAIN}:
            return answer
        del silent[name_server]
    raise AttemptFailed(OutcomeCode.DNS)


def _in_turn(silent: dict[tuple[str, int], None]) -> Iterator[tuple[str, int]]:
    for name_server in cycle(tuple(silent)):
        if not silent:
            return
        if name_server in silent:
            yield name_server


def _seconds_for_one(deadline: Deadline) -> float:
    try:
        return min(TRY_SECONDS, deadline.left())
    except AttemptFailed as over:
        raise AttemptFailed(OutcomeCode.DNS) from over


def _exchange(host: str, record_type: str, name_server: tuple[str, int], seconds: float) -> QueryMessage:
    message, query = library("dns.message"), library("dns.query")
    question: Message = message.make_query(host, record_type, use_edns=0, payload=1232)
    address, port = name_server
    options: dict[str, Any] = {"port": port, "timeout": seconds}
    try:
        answer: QueryMessage = query.udp(
            question, address, ignore_unexpected=True, ignore_errors=True, raise_on_truncation=True, **options
        )
    except message.Truncated:
        answer = query.tcp(question, address, **options)
    return answer
