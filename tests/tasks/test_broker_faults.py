"""Publishing while the line to a real broker breaks: nothing hangs, nothing is counted that was not taken."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery

from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks import publishing
from django_report_scheduling.tasks.broker import Patience
from tests.celery_app import app
from tests.services_at_hand import rabbitmq_url, redis_url
from tests.tasks.broker_proxy import BrokerProxy, broker_proxy

MANY = 1200
QUEUE = f"report-scheduling-faults-{os.getpid()}"
DEFAULT_PORTS = {"redis": 6379, "amqp": 5672}

BROKERS = [
    pytest.param(
        url,
        id=name.lower(),
        marks=[mark, pytest.mark.skipif(not url, reason=f"no {name} server answers; set TEST_{name.upper()}_URL")],
    )
    for url, name, mark in (
        (redis_url(), "Redis", pytest.mark.redis),
        (rabbitmq_url(), "RabbitMQ", pytest.mark.rabbitmq),
    )
]
pytestmark = pytest.mark.parametrize("url", BROKERS)


@pytest.fixture
def proxy(url: str) -> Iterator[BrokerProxy]:
    at = urlsplit(url)
    with broker_proxy(at.port or DEFAULT_PORTS[at.scheme]) as proxy:
        yield proxy


@pytest.fixture
def queue(url: str, proxy: BrokerProxy) -> Iterator[Celery]:
    """A Celery app whose way to the broker leads through the proxy; it gives access to the queue past the proxy."""
    at = urlsplit(url)
    login = at.netloc.rpartition("@")[0]
    through = urlunsplit(at._replace(netloc=f"{login}{'@' if login else ''}127.0.0.1:{proxy.port}"))
    host = Celery("faults", broker=through, set_as_current=False)
    host.conf.update(task_default_queue=QUEUE, broker_read_url=url, broker_connection_timeout=2)
    host.set_current()
    yield host
    app.set_current()
    with host.connection_for_read() as connection:
        connection.default_channel.queue_purge(QUEUE)
        connection.default_channel.queue_delete(QUEUE)


def waiting(host: Celery) -> int:
    with host.connection_for_read() as connection:
        return int(connection.default_channel.queue_declare(QUEUE, passive=True).message_count)


def messages(number: int) -> list[Message]:
    return [Message(str(uuid.uuid4()), 0) for _ in range(number)]


def test_a_connection_that_died_since_it_was_last_used_costs_nothing(queue: Celery, proxy: BrokerProxy) -> None:
    publishing.publish_reports(messages(1))
    proxy.cut()

    assert publishing.publish_reports(messages(3)) == 3
    assert waiting(queue) == 4


def test_a_break_in_the_middle_is_made_good_over_a_new_connection(queue: Celery, proxy: BrokerProxy) -> None:
    publishing.publish_reports(messages(1))
    proxy.cut_after = 200_000

    assert publishing.publish_reports(messages(MANY)) == MANY
    assert waiting(queue) >= MANY + 1
    assert proxy.connections >= 2


def test_a_broker_that_stays_away_is_reported(
    queue: Celery, proxy: BrokerProxy, caplog: pytest.LogCaptureFixture
) -> None:
    publishing.publish_reports(messages(1))
    proxy.close()

    assert publishing.publish_reports(messages(3)) == 0
    assert "did not take 3 messages" in caplog.text


@pytest.mark.parametrize(
    "patience", [Patience(answer=0.5), Patience(answer=0.5, over_host=True)], ids=["of the tick", "of a request"]
)
def test_a_line_that_is_dead_without_a_word_holds_nobody(patience: Patience, queue: Celery, proxy: BrokerProxy) -> None:
    publishing.publish_reports(messages(1), patience=patience)
    proxy.mute = True

    assert publishing.publish_reports(messages(3), patience=patience) == 0

    proxy.mute = False
    assert publishing.publish_reports(messages(2), patience=patience) == 2
    assert waiting(queue) == 3
