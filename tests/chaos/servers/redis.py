"""A Redis server that keeps nothing on disk."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import redis

from tests.chaos.processes import Process, Processes, wait_until


def usable() -> bool:
    return shutil.which("redis-server") is not None


class Redis:
    """A running server; when it is killed, all messages are gone."""

    def __init__(self, processes: Processes, *, folder: Path, port: int) -> None:
        folder.mkdir()
        self._port = port
        command = [shutil.which("redis-server") or "", "--port", str(port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--set-proc-title", "no", "--dir", str(folder)]
        self._process: Process = processes.add("redis", "broker", *command)
        wait_until(self.answers, what="Redis", tells=self._process.tail)

    @staticmethod
    def url(port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def answers(self) -> bool:
        try:
            with redis.Redis(port=self._port, socket_timeout=3) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def kill(self) -> None:
        self._process.strike(signal.SIGKILL)

    def wipe(self) -> bool:
        """Delete all messages; returns whether it was there to be wiped."""
        try:
            with redis.Redis(port=self._port, socket_timeout=3) as client:
                return bool(client.flushall())
        except redis.RedisError:
            return False
