"""A RabbitMQ node with a name, a port mapper, a home and a database of its own."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from amqp import Connection
from amqp.exceptions import AMQPError

from tests.chaos.processes import Process, Processes, marked, wait_until

QUEUE = "celery"
SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's own in ``PATH`` changes to another user and forgets the environment."""


def usable() -> bool:
    return all(shutil.which(program) for program in ("erl", "epmd")) and bool(_script())


def _script() -> str | None:
    return str(SCRIPT) if SCRIPT.exists() else shutil.which("rabbitmq-server")


class RabbitMQ:
    """A running node."""

    def __init__(self, processes: Processes, *, folder: Path, ports: tuple[int, int, int]) -> None:
        self._port, distribution, mapper = ports
        self._run = processes.run
        folder.mkdir()
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = 127.0.0.1:{self._port}\nvm_memory_high_watermark.absolute = 1GB\n"
            "disk_free_limit.absolute = 10MB\n",
            encoding="ascii",
        )
        (folder / "plugins").write_text("[].", encoding="ascii")
        environment = {
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(mapper),
            "RABBITMQ_NODENAME": f"chaos{self._port}@localhost",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }
        processes.add("epmd", "port mapper", shutil.which("epmd") or "", "-port", str(mapper), "-address", "127.0.0.1")
        self._process: Process = processes.add("rabbitmq", "broker", _script() or "", environment=environment)
        wait_until(self.answers, what="RabbitMQ", patience=120, tells=self._process.tail)

    @staticmethod
    def url(port: int) -> str:
        return f"amqp://guest:guest@127.0.0.1:{port}//"

    def answers(self) -> bool:
        try:
            with self._connection():
                return True
        except (OSError, AMQPError):
            return False

    def kill(self) -> None:
        """Kill the Erlang machine, of which the process that we started is only the parent."""
        self._process.expected_death = True
        for pid in marked(self._run):
            with suppress(OSError):
                if "beam" in Path(f"/proc/{pid}/exe").readlink().name:
                    os.kill(pid, signal.SIGKILL)
        self._process.strike(signal.SIGKILL)

    def wipe(self) -> bool:
        """Delete all messages that wait; returns whether the node was there to be wiped."""
        try:
            with self._connection() as connection, connection.channel() as channel:
                channel.queue_purge(QUEUE)
        except (OSError, AMQPError):
            return False
        return True

    def _connection(self) -> Connection:
        return Connection(host=f"127.0.0.1:{self._port}", connect_timeout=3, read_timeout=5, write_timeout=5)
