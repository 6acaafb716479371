"""A real name server on loopback, UDP and TCP, for as long as a ``with`` block lasts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Reply = Callable[[dns.message.Message], dns.message.Message | None]
"""A question → the answer, or none at all."""


@dataclass
class NameServer:
    """Where the server is, and what it was asked.

    :param questions: record types over UDP, in order.
    """

    address: tuple[str, int]
    questions: list[str] = field(default_factory=list)
    tcp_questions: list[str] = field(default_factory=list)


def asked(question: dns.message.Message) -> str:
    """Return the record type that a question is for."""
    return dns.rdatatype.to_text(question.question[0].rdtype)


def records(**by_type: list[str]) -> Reply:
    """Return a reply with these records by type; ``CNAME`` comes along with every answer."""

    def reply(question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question)
        name = question.question[0].name.to_text()
        for target in by_type.get("CNAME", []):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target))
            name = target
        if values := by_type.get(asked(question)):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", asked(question), *values))
        return answer

    return reply


def failing(code: dns.rcode.Rcode) -> Reply:
    """Return a reply that is an error."""

    def reply(question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question)
        answer.set_rcode(code)
        return answer

    return reply


def silent(_question: dns.message.Message) -> None:
    """Never answer."""


def truncated(question: dns.message.Message) -> dns.message.Message:
    """Answer that the answer does not fit."""
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.TC
    return answer


@contextmanager
def name_server(reply: Reply, *, over_tcp: Reply | None = None) -> Iterator[NameServer]:
    """Run a server.

    :param over_tcp: the replies over TCP, which is not offered without them.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(tcp.getsockname())
        server = NameServer(udp.getsockname())
        threads = [threading.Thread(target=_serve_udp, args=(udp, server, reply))]
        if over_tcp is not None:
            tcp.listen()
            threads.append(threading.Thread(target=_serve_tcp, args=(tcp, server, over_tcp)))
        for thread in threads:
            thread.start()
        try:
            yield server
        finally:
            udp.sendto(b"stop", server.address)
            with suppress(OSError), socket.create_connection(server.address, 5):
                pass
            for thread in threads:
                thread.join(10)


def _serve_udp(udp: socket.socket, server: NameServer, reply: Reply) -> None:
    while True:
        wire, sender = udp.recvfrom(4096)
        if wire == b"stop":
            return
        question = dns.message.from_wire(wire)
        server.questions.append(asked(question))
        if (answer := reply(question)) is not None:
            udp.sendto(answer.to_wire(), sender)


def _serve_tcp(tcp: socket.socket, server: NameServer, reply: Reply) -> None:
    with ExitStack() as unanswered:
        while True:
            connection, _ = tcp.accept()
            stream = connection.makefile("rb")
            wire = stream.read(int.from_bytes(stream.read(2)))
            stream.close()
            if not wire:
                connection.close()
                return
            question = dns.message.from_wire(wire)
            server.tcp_questions.append(asked(question))
            if (answer := reply(question)) is None:
                unanswered.enter_context(connection)
                continue
            with connection:
                connection.sendall(answer.to_wire(max_size=65535, prepend_length=True))
