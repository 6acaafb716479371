"""A receiver that does not answer holds up its own account and nobody else, with the workers of a small installation.

Nothing here goes by the clock: the slow receiver answers when the test lets it, and not before.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import Delivery, WebhookEndpoint
from tests.extras import needs_webhooks
from tests.factories import AccountFactory, ReportScheduleFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.local_webhooks import local_webhooks
from tests.tasks.conftest import StartWorker
from tests.tasks.test_end_to_end import BROKERS

trustme = pytest.importorskip("trustme")
receivers = pytest.importorskip("tests.delivery.webhook.receiver")

pytestmark = [needs_webhooks, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SLOW, QUICK = "slow", "quick"
WAITING_OF_SLOW, WAITING_OF_QUICK = 30, 8
PROCESSES = 2
"""As ``start_worker`` starts them."""
PATIENCE = 180
LONGER_THAN_THE_TEST = {"WEBHOOK_TIMEOUT": 2 * PATIENCE, "LEASE": 5 * PATIENCE}


@dataclass
class Both:
    """The receivers of the two accounts, on one server, and the worker's settings that lead there."""

    channels: dict[str, object] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    may_answer: threading.Event = field(default_factory=threading.Event)
    held: int = 0
    most_held: int = 0

    def answer(self, connection: object) -> None:
        request = connection.read()  # type: ignore[attr-defined]
        if f"/{SLOW} " in request.line:
            self._hold()
        connection.send(b"HTTP/1.1 204 No Content\r\n\r\n")  # type: ignore[attr-defined]

    @contextmanager
    def answering_in_the_end(self) -> Iterator[None]:
        """Let a worker stop, whatever became of the test."""
        try:
            yield
        finally:
            self.may_answer.set()

    def _hold(self) -> None:
        with self.lock:
            self.held += 1
            self.most_held = max(self.held, self.most_held)
        self.may_answer.wait(PATIENCE)
        with self.lock:
            self.held -= 1


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    both = Both()
    with receivers.receiver(both.answer, receivers.server_context(authority)) as server:
        both.channels["webhook"] = local_webhooks(server.port, file)
        yield both


def much_to_tell(path: str, number: int) -> WebhookEndpoint:
    """Events that wait for an endpoint of an account of its own."""
    account = AccountFactory()
    schedule = ReportScheduleFactory(account=account, state="paused")
    endpoint: WebhookEndpoint = WebhookEndpointFactory(account=account, url=f"https://hooks.example.com/{path}")
    about = {"report": None, "schedule": schedule, "event": "schedule.errored"}
    WebhookDeliveryFactory.create_batch(number, webhook=endpoint, wake_at=dt.datetime.now(dt.UTC), **about)
    return endpoint


def sent(endpoint: WebhookEndpoint) -> int:
    return Delivery.objects.filter(webhook=endpoint, status=DeliveryStatus.SENT).count()


def wait_until(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not after {PATIENCE} s:\n{log.read_text()[-4000:]}")
        time.sleep(0.1)


@pytest.mark.parametrize("broker_url", BROKERS)
def test_attack_055_all_that_others_wait_for_arrives_while_a_slow_receiver_has_not_answered_once(
    start_worker: StartWorker, tmp_path: Path, both: Both, broker_url: str
) -> None:
    slow, quick = much_to_tell(SLOW, WAITING_OF_SLOW), much_to_tell(QUICK, WAITING_OF_QUICK)
    log = tmp_path / "worker.log"

    with (
        start_worker(broker_url, CHANNELS=both.channels, **LONGER_THAN_THE_TEST),
        both.answering_in_the_end(),
    ):
        wait_until(lambda: both.held > 0 and sent(quick) == WAITING_OF_QUICK, log)
        assert (sent(slow), both.held) == (0, 1)

        both.may_answer.set()
        wait_until(lambda: sent(slow) == WAITING_OF_SLOW, log)

    assert both.most_held == 1
    assert set(Delivery.objects.values_list("attempt", flat=True)) == {1}


@pytest.mark.parametrize("limit", [PROCESSES, None])
def test_with_a_limit_that_is_not_below_the_number_of_processes_it_has_them_all(
    start_worker: StartWorker, tmp_path: Path, both: Both, limit: int | None
) -> None:
    much_to_tell(SLOW, WAITING_OF_SLOW)
    log, too_high = tmp_path / "worker.log", {"WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": limit}

    with (
        start_worker("filesystem://", CHANNELS=both.channels, **LONGER_THAN_THE_TEST, **too_high),
        both.answering_in_the_end(),
    ):
        wait_until(lambda: both.held == PROCESSES, log)
        quick = much_to_tell(QUICK, WAITING_OF_QUICK)
        assert (sent(quick), both.held) == (0, PROCESSES)

        both.may_answer.set()
        wait_until(lambda: sent(quick) == WAITING_OF_QUICK, log)
