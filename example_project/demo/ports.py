"""Where the web server of the demo listens."""

from __future__ import annotations

import socket
from typing import Final

from django.core.management import CommandError

HOST: Final = "127.0.0.1"
USUAL_PORTS: Final = range(8000, 8100)
PORTS: Final = range(1, 65_536)


def choose_port(wanted: int | None) -> int:
    """Return a free port: the wanted one, or the first free one from 8000 on.

    :raises CommandError: the wanted port is taken or does not exist, or none is free.
    """
    if wanted is not None and wanted not in PORTS:
        msg = f"There is no port {wanted}; ports go from {PORTS.start} to {PORTS.stop - 1}."
        raise CommandError(msg)
    if wanted is not None:
        if _is_free(wanted):
            return wanted
        msg = f"Port {wanted} is taken. Name another one, or leave the port out and a free one is found."
        raise CommandError(msg)
    free = next((port for port in USUAL_PORTS if _is_free(port)), None)
    if free is None:
        msg = f"All ports from {USUAL_PORTS.start} to {USUAL_PORTS.stop - 1} are taken. Name a free one with --port."
        raise CommandError(msg)
    return free


def is_answering(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex((HOST, port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except OSError:
            return False
    return not is_answering(port)
