"""The way to the broker for messages: pooled connections like Celery's own, but none that can hang for ever.

A connection that was cut half-open takes what is written to it, and answers nothing. Celery publishes without a
timeout by default, so a tick would hang until TCP gives up, after a quarter of an hour or more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from celery import current_app
from kombu import Connection, Producer, pools
from kombu.exceptions import KombuError


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a broker may take that does not answer, or not yet.

    :param answer: seconds for each step: a free connection of the pool, a new connection, the broker's answer.
    :param retry_within: seconds after which a call that failed is not tried again. A connection that died since it was
        last used fails at once, so the second try costs nothing; one that was silent would be silent again.
    :param over_host: whether this holds also where the host's own settings are more patient.
    """

    answer: float
    retry_within: float = math.inf
    over_host: bool = False


PATIENT: Final = Patience(answer=10.0)
"""For the tick and the workers, for whom nobody waits."""
BRIEF: Final = Patience(answer=2.0, retry_within=1.0, over_host=True)
"""While a person waits for the answer to a request; a message that was not taken in time is sent by a tick."""

_TIMEOUTS: Final[Mapping[str, tuple[str, ...]]] = {"redis": ("socket_timeout", "socket_connect_timeout")}
"""Transport → its options for what the others are told with each call."""


@contextmanager
def bounded_producer(patience: Patience = PATIENT) -> Iterator[Producer]:
    """Lend a producer of a pool; one that failed comes back to the pool without its connection.

    :raises Exception: one of :func:`broker_errors`.
    """
    pool = pools.producers[_connection(patience)]
    with pool.acquire(block=True, timeout=patience.answer) as producer:
        connection = producer.connection
        try:
            yield producer
        except BaseException:
            connection.collect()
            raise


def settle(producer: Any, patience: Patience = PATIENT) -> None:
    """Wait until the broker has seen all that was published, where publishing alone does not wait for it.

    AMQP answers in order on each channel, so the answer to a request that changes nothing (no limit on messages
    fetched ahead, on a channel that fetches none) comes after all that was sent before has been taken.

    :raises Exception: one of :func:`broker_errors`; the messages may or may not have been taken.
    """
    if producer.connection.transport.driver_name == "py-amqp":
        channel = producer.channel
        with channel.connection.transport.having_timeout(patience.answer):
            channel.basic_qos(0, 0, False)  # noqa: FBT003  # AMQP's own signature


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the configured broker raises when it is away, silent or refuses."""
    connection = current_app.connection_for_write()
    return (*connection.connection_errors, *connection.channel_errors, KombuError, OSError)


def _connection(patience: Patience) -> Connection:
    connection = current_app.connection_for_write()
    host: Mapping[str, Any] = connection.transport_options or {}
    timeouts: dict[str, Any] = dict.fromkeys(_TIMEOUTS.get(connection.transport.driver_type, ()), patience.answer)
    if not patience.over_host:
        return current_app.connection_for_write(transport_options={**timeouts, **host}) if timeouts else connection
    # Without retries of its own, which kombu makes until the time for connecting is over. Different options also keep
    # these connections in a pool of their own.
    return current_app.connection_for_write(
        connect_timeout=patience.answer, transport_options={**host, **timeouts, "max_retries": 0}
    )
