"""The way to the broker for messages: pooled connections like Celery's own, but none that can hang for ever.

A connection that was cut half-open takes what is written to it, and answers nothing. Celery publishes without a
timeout by default, so a tick would hang until TCP gives up, after a quarter of an hour or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from celery import current_app
from kombu import Connection, Producer, pools
from kombu.exceptions import KombuError

PATIENCE: Final = 10.0
"""Seconds to wait for the broker's answer, and for a free connection of the pool."""

_TIMEOUTS: Final[Mapping[str, Mapping[str, float]]] = {
    "redis": {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE},
}
"""Transport → its options for what the others are told with each call; those that the host has set win."""


@contextmanager
def bounded_producer() -> Iterator[Producer]:
    """Lend a producer of a pool; one that failed comes back to the pool without its connection.

    :raises Exception: one of :func:`broker_errors`.
    """
    pool = pools.producers[_connection()]
    with pool.acquire(block=True, timeout=PATIENCE) as producer:
        connection = producer.connection
        try:
            yield producer
        except BaseException:
            connection.collect()
            raise


def settle(producer: Any) -> None:
    """Wait until the broker has seen all that was published, where publishing alone does not wait for it.

    AMQP answers in order on each channel, so the answer to a request that changes nothing (no limit on messages
    fetched ahead, on a channel that fetches none) comes after all that was sent before has been taken.

    :raises Exception: one of :func:`broker_errors`; the messages may or may not have been taken.
    """
    if producer.connection.transport.driver_name == "py-amqp":
        channel = producer.channel
        with channel.connection.transport.having_timeout(PATIENCE):
            channel.basic_qos(0, 0, False)  # noqa: FBT003  # AMQP's own signature


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the configured broker raises when it is away, silent or refuses."""
    connection = current_app.connection_for_write()
    return (*connection.connection_errors, *connection.channel_errors, KombuError, OSError)


def _connection() -> Connection:
    connection = current_app.connection_for_write()
    timeouts: Mapping[str, Any] = _TIMEOUTS.get(connection.transport.driver_type, {})
    if timeouts:
        return current_app.connection_for_write(transport_options={**timeouts, **(connection.transport_options or {})})
    return connection
