"""A TCP line to a server with faults on order; what it does not disturb arrives untouched, signatures included."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

CHUNK: Final = 1 << 16
SECRET: Final = "the-inside-of-the-storage"
"""Something that the server says and that nobody must be told."""
BODY: Final = f"<Error><Code>SlowDown</Code><Message>{SECRET}</Message></Error>".encode()
BUSY: Final = b"HTTP/1.1 503 Slow Down\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class FaultyLine:
    """Passes connections on to a port of this machine while it is used as a context manager.

    ``busy`` answers every request with 503 and ``cut_after`` breaks a connection after so many bytes of a request, as
    long as they are set.
    """

    def __init__(self, *, target: int) -> None:
        self.busy = False
        self.cut_after: int | None = None
        self._target = target
        line = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                line._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Connection)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, near: socket.socket) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._target)) as far:
            answers = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            answers.start()
            self._pass_requests(near, far)
            with suppress(OSError):
                far.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _pass_requests(self, near: socket.socket, far: socket.socket) -> None:
        passed = 0
        while chunk := near.recv(CHUNK):
            if self.busy:
                near.sendall(BUSY)
                return
            if self.cut_after is not None and passed + len(chunk) > self.cut_after:
                far.sendall(chunk[: self.cut_after - passed])
                return
            far.sendall(chunk)
            passed += len(chunk)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
