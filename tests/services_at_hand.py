"""Which servers this machine has: named by an environment variable, or answering on their standard local port."""

from __future__ import annotations

import os
import socket


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def redis_url() -> str:
    """Return the URL of a Redis server, or an empty text."""
    return os.environ.get("TEST_REDIS_URL", "") or ("redis://127.0.0.1:6379/9" if answers(6379) else "")


def rabbitmq_url() -> str:
    """Return the URL of a RabbitMQ server, or an empty text."""
    return os.environ.get("TEST_RABBITMQ_URL", "") or ("amqp://guest:guest@127.0.0.1:5672//" if answers(5672) else "")
