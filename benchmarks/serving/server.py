"""A real server: gunicorn, as many worker processes as there are processors, connections kept."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THREADS = 4
PATIENCE = 60
"""Seconds until a server that does not answer counts as broken."""


@contextmanager
def running(environment: Mapping[str, str]) -> Iterator[int]:
    """Start the server, yield its port, and stop it."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(os.cpu_count() or 2)),
        *("--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "60", "--log-level", "warning"),
    ]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    msg = "gunicorn did not start; what it said stands above."
    raise RuntimeError(msg)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
