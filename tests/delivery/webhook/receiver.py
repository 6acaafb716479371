"""A real TLS server on loopback that does whatever a test wants it to, for as long as a ``with`` block lasts."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import trustme

HOST = "hooks.example.com"
URL = f"https://{HOST}/in?token=canary-token"

Script = Callable[["Connection"], None]


@dataclass
class Request:
    """One request as it came in."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        (value,) = [value for key, value in self.headers if key.lower() == name]
        return value


@dataclass
class Receiver:
    """What a server saw."""

    port: int
    stop: threading.Event = field(default_factory=threading.Event)
    accepted: int = 0
    server_names: list[str | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    cut_off: threading.Event = field(default_factory=threading.Event)
    """Set when the client went away before a script was through."""

    def dialed(self, seconds: float) -> socket.socket:
        """Return a connection to this server."""
        return socket.create_connection(("127.0.0.1", self.port), seconds)


@dataclass
class Connection:
    """One connection, for a script to act upon."""

    receiver: Receiver
    socket: socket.socket

    def read(self) -> Request:
        """Read one request and keep it."""
        stream = self.socket.makefile("rb")
        line = stream.readline().decode().rstrip()
        headers = []
        while header := stream.readline().decode().rstrip():
            name, _, value = header.partition(": ")
            headers.append((name, value))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        request = Request(line=line, headers=headers, body=stream.read(length))
        self.receiver.requests.append(request)
        return request

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def drip(self, piece: bytes) -> None:
        """Send the piece again and again, slowly, until the client goes away."""
        while not self.receiver.stop.wait(0.02):
            self.send(piece)

    def keep_open(self) -> None:
        """Do nothing until the test is over."""
        self.receiver.stop.wait(30)


def answering(status: str = "204 No Content", headers: str = "", body: bytes = b"") -> Script:
    """Return a script that reads a request and answers it properly."""

    def script(connection: Connection) -> None:
        connection.read()
        length = f"content-length: {len(body)}\r\n" if body else ""
        connection.send(f"HTTP/1.1 {status}\r\n{length}{headers}\r\n".encode() + body)

    return script


def server_context(authority: trustme.CA, name: str = HOST) -> ssl.SSLContext:
    """Return the context of a server with a certificate for this name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@contextmanager
def receiver(script: Script, tls: ssl.SSLContext | None) -> Iterator[Receiver]:
    """Run a server.

    :param tls: ``None`` gives the script the connection before any handshake.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = Receiver(port=listener.getsockname()[1])
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: seen.server_names.append(name)
        acceptor = threading.Thread(target=_accept, args=(listener, seen, script, tls))
        acceptor.start()
        try:
            yield seen
        finally:
            seen.stop.set()
            with suppress(OSError):
                seen.dialed(5).close()  # wakes the acceptor up
            acceptor.join(10)


def _accept(listener: socket.socket, seen: Receiver, script: Script, tls: ssl.SSLContext | None) -> None:
    workers = []
    while True:
        connection, _ = listener.accept()
        if seen.stop.is_set():
            connection.close()
            break
        seen.accepted += 1
        workers.append(threading.Thread(target=_serve, args=(connection, seen, script, tls)))
        workers[-1].start()
    for worker in workers:
        worker.join(10)


def _serve(connection: socket.socket, seen: Receiver, script: Script, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(10)
    try:
        if tls is not None:
            connection = tls.wrap_socket(connection, server_side=True)
        script(Connection(seen, connection))
    except OSError:
        seen.cut_off.set()
    finally:
        connection.close()
