"""The broker takes a message and gives it back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable
from queue import Empty
from typing import Any, ClassVar, Final

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.celery_app import celery_app
from django_report_scheduling.observability.doctor.redaction import without_user
from django_report_scheduling.observability.doctor.time_limit import within

INSTALL: Final = (
    "Install what this broker needs, with Celery's extra of its name: "
    'pip install "celery[redis]" for redis://, "celery[sqs]" for sqs://.'
)


class BrokerProbe(Probe):
    """Sends a message through a queue of its own.

    :param seconds: how long to wait for connection and message.
    """

    part = "broker"
    requires = ("celery app",)
    fix: ClassVar[str] = (
        "Start the broker, or correct CELERY_BROKER_URL (host, port, user, password) in the settings of the project."
    )

    def __init__(self, *, seconds: float = 8) -> None:
        self._seconds = seconds

    def run(self) -> Iterable[Finding]:
        """Yield whether the message came back."""
        app = celery_app()
        if app.conf.task_always_eager:
            yield self.warn(
                "Not used: tasks run inside the process that sends them.",
                fix="Remove CELERY_TASK_ALWAYS_EAGER from the settings.",
            )
            return
        with app.connection_for_write() as connection:
            address = without_user(_uri(connection))
        try:
            within(self._seconds, lambda: _round_trip(app, self._seconds / 2))
        except Exception as error:  # noqa: BLE001  # each transport raises its own kinds; the address belongs to the text
            fix = INSTALL if isinstance(error, ImportError) else self.fix
            yield self.fail(f"{address} does not work: {type(error).__name__}: {error}", fix=fix)
            return
        if address.startswith("memory:"):
            yield self.fail(
                "memory:// stays inside one process: no worker can hear it.",
                fix='Set CELERY_BROKER_URL = "filesystem://" (one machine) or name a Redis or RabbitMQ server.',
            )
            return
        yield self.ok(f"{address} took a message and gave it back.")


def _uri(connection: Any) -> str:
    uri = str(connection.as_uri())
    path = str(connection.transport_cls)
    # A transport that is named by its class would show the class in the place of the scheme.
    return uri.replace(path, str(connection.get_transport_cls().driver_type), 1) if ":" in path else uri


def _round_trip(app: Any, seconds: float) -> None:
    name = f"report_scheduling.doctor.{uuid.uuid4().hex}"
    with app.connection_for_write(connect_timeout=seconds) as connection:
        connection.ensure_connection(max_retries=1, interval_start=0.1, timeout=seconds)
        with connection.channel() as channel:
            channel.queue_declare(queue=name, durable=False, exclusive=True, auto_delete=True)
            try:
                app.amqp.Producer(channel).publish("doctor", exchange="", routing_key=name, serializer="json")
                _receive(channel, name, seconds)
            finally:
                channel.queue_delete(queue=name)


def _receive(channel: Any, name: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            message = channel.basic_get(queue=name, no_ack=True)
        except Empty:  # pragma: no cover  # some transports raise where others return None
            message = None
        if message is not None:
            return
        time.sleep(0.05)
    msg = "it took a message but did not give it back"
    raise TimeoutError(msg)
