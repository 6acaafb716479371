"""A server that takes every connection and never says a word: the worst kind of broker."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class SilentServer:
    """Listens on a port of this machine."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.taken: list[socket.socket] = []
        """The connections so far."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End all connections and take no more."""
        # A thread that waits in accept keeps the port open until it is woken.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.taken:
            connection.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.taken.append(self._listener.accept()[0])


@contextlib.contextmanager
def silent_server() -> Iterator[SilentServer]:
    """Run one until the block ends."""
    server = SilentServer()
    try:
        yield server
    finally:
        server.close()
