"""The connection under a request: to an address that was checked, read and written inside one deadline and one cap.

Both classes are what httpcore2 asks of a network backend and its streams. Its per-call timeouts are not used: a peer
that sends one byte before each of them keeps a connection for ever.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import Any, Final

from django_report_scheduling.delivery.webhook.addresses import Address
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.libraries import library
from django_report_scheduling.delivery.webhook.outcome import OUR_FAULTS, AttemptFailed, OutcomeCode

Dial = Callable[[Address, int, float], socket.socket]
"""Address, port and seconds → a connected TCP socket; raises ``OSError``."""

MAX_RECEIVED: Final = 256 * 1024
"""Bytes of one answer that are read at all: status, headers, interim answers, framing and body together."""
MAX_DIALED: Final = 6
"""Addresses of one host that are tried."""
CONNECT_SECONDS: Final = 10.0
"""For one address, before the next one is tried."""

_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH})
_OURS: Final = frozenset(
    {
        errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT,
        errno.EACCES, errno.EPERM,  # a firewall of our own
    }
)  # fmt: skip


def dial(address: Address, port: int, seconds: float) -> socket.socket:
    """Connect to an address. No name is looked up on the way."""
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect((str(address), port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


class CheckedNetwork:
    """Connects to one of the given addresses, whatever name the request is for.

    :param addresses: all of them checked.
    """

    def __init__(self, addresses: Sequence[Address], *, deadline: Deadline, dial: Dial) -> None:
        self._addresses = addresses[:MAX_DIALED]
        self._deadline = deadline
        self._dial = dial
        self._stream: BoundedStream | None = None

    def connect_tcp(self, host: str, port: int, **_options: Any) -> BoundedStream:  # noqa: ARG002  # httpcore2's name
        """Return a connection to the first address that takes one.

        :raises AttemptFailed: none does. The receiver's failure is told rather than one of ours, where there are both.
        """
        failures = []
        for position, address in enumerate(self._addresses):
            share = self._deadline.left() / (len(self._addresses) - position)
            try:
                connection = self._dial(address, port, min(share, CONNECT_SECONDS))
            except OSError as error:
                failures.append(_code(error))
            else:
                self._stream = BoundedStream(connection, self._deadline)
                return self._stream
        theirs = (code for code in failures if code not in OUR_FAULTS)
        raise AttemptFailed(next(theirs, failures[-1]))

    @property
    def sent(self) -> bool:
        """Whether the peer may have got something of the request."""
        return self._stream is not None and self._stream.sent

    def close(self) -> None:
        """Close the connection, if there is one; httpcore2 forgets those whose handshake failed."""
        if self._stream is not None:
            self._stream.close()


class BoundedStream:
    """A socket that neither waits beyond the deadline nor takes more bytes than the cap."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._received = 0
        self.sent = False
        """Whether something was written; the handshake does not count."""

    def read(self, max_bytes: int, **_options: Any) -> bytes:
        """Return what has arrived, ``b""`` at the end.

        :raises AttemptFailed: ``timeout``, ``too_large`` or ``connect``.
        """
        try:
            self._connection.settimeout(self._deadline.left())
            data = self._connection.recv(max_bytes)
        except OSError as error:
            raise AttemptFailed(_code(error, otherwise=OutcomeCode.CONNECT)) from error
        self._received += len(data)
        if self._received > MAX_RECEIVED:
            raise AttemptFailed(OutcomeCode.TOO_LARGE)
        return data

    def write(self, buffer: bytes, **_options: Any) -> None:
        """Send everything.

        :raises AttemptFailed: ``timeout``.
        :raises httpcore2.WriteError: the peer takes no more. It may have answered already, and httpcore2 then looks.
        """
        self.sent = True
        rest = memoryview(buffer)
        while rest:
            try:
                self._connection.settimeout(self._deadline.left())
                rest = rest[self._connection.send(rest) :]
            except TimeoutError as error:
                raise AttemptFailed(OutcomeCode.TIMEOUT) from error
            except OSError as error:
                raise library("httpcore2").WriteError from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, **_options: Any
    ) -> BoundedStream:
        """Return the same connection, encrypted; the certificate was checked for the host's name.

        :raises AttemptFailed: ``tls``, ``timeout`` or ``connect``.
        """
        try:
            self._connection.settimeout(self._deadline.left())
            self._connection = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except OSError as error:
            raise AttemptFailed(_code(error, otherwise=OutcomeCode.TLS)) from error
        return self

    def close(self) -> None:
        """Close the connection without waiting for the peer."""
        self._connection.close()

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore2 wants to know: here only which protocol was agreed upon."""
        return self._connection if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket) else None


def _code(error: OSError, *, otherwise: OutcomeCode = OutcomeCode.CONNECT) -> OutcomeCode:
    if isinstance(error, TimeoutError):
        return OutcomeCode.TIMEOUT
    if isinstance(error, ssl.SSLError):
        return otherwise
    if error.errno in _NO_ROUTE:
        return OutcomeCode.NO_ROUTE
    return OutcomeCode.OWN_FAULT if error.errno in _OURS else otherwise
