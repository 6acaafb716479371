"""A line to a broker that can be slow, cut, or dead without anybody being told."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class BrokerProxy:
    """Passes bytes on to a port of this machine, each connection by two threads.

    :param port: where the broker listens.
    :param delay: seconds that each piece takes in each direction.
    """

    def __init__(self, port: int, *, delay: float = 0.0) -> None:
        self.delay = delay
        self.mute = False
        """Nothing comes through any more, and no side is told."""
        self.cut_after: int | None = None
        """Bytes towards the broker after which all connections break."""
        self.connections = 0
        self._target = port
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections."""
        while self._sockets:
            with contextlib.suppress(OSError):
                self._sockets.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Break all connections and take no more."""
        # A thread that waits in accept keeps the port open until it is woken.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for end in (near, far):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._sockets += [near, far]
                self.connections += 1
                for source, sink in ((near, far), (far, near)):
                    towards_broker = sink is far
                    threading.Thread(target=self._pass_on, args=(source, sink, towards_broker), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, towards_broker: bool) -> None:
        with contextlib.suppress(OSError), source, sink:
            while data := source.recv(1 << 16):
                if self.delay:
                    time.sleep(self.delay)
                if towards_broker and self.cut_after is not None:
                    self.cut_after -= len(data)
                    if self.cut_after <= 0:
                        self.cut_after = None
                        self.cut()
                        return
                if not self.mute:
                    sink.sendall(data)


@contextlib.contextmanager
def broker_proxy(port: int, *, delay: float = 0.0) -> Iterator[BrokerProxy]:
    """Run a proxy until the block ends."""
    proxy = BrokerProxy(port, delay=delay)
    try:
        yield proxy
    finally:
        proxy.close()
