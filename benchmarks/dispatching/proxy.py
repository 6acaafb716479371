"""A network that is further away: forwards TCP connections and holds everything back for a millisecond each way.

``python -m benchmarks.dispatching.proxy HOST PORT`` prints the port it listens on, and serves until it is stopped.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import sys
import threading
import time

EACH_WAY = 0.001
CHUNK = 1 << 16


def main(host: str, port: str) -> None:
    """Serve."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            near, _address = listener.accept()
            far = socket.create_connection((host, int(port)))
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            forward(near, far)
            forward(far, near)


def forward(source: socket.socket, target: socket.socket) -> None:
    """Move what comes from one end to the other, later."""
    waiting: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(source, waiting), daemon=True).start()
    threading.Thread(target=_send, args=(target, waiting), daemon=True).start()


def _receive(source: socket.socket, waiting: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            waiting.put((time.perf_counter() + EACH_WAY, data))
    waiting.put((0, b""))


def _send(target: socket.socket, waiting: queue.SimpleQueue[tuple[float, bytes]]) -> None:
    with contextlib.suppress(OSError):
        while True:
            due, data = waiting.get()
            if not data:
                target.shutdown(socket.SHUT_WR)
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            target.sendall(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
