"""Ticks, a broker and workers on a clock of their own, around the real rows and the real queueing.

Waiting takes no time here: a day of two hundred reports an hour is over in seconds. Real are the database, what a tick
sends, how room is passed on and what an arrival tells; made up are the broker (first in, first out), the claim and the
finish (the conditional updates alone) and how long a report takes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.arrivals import REPORTS, note_arrival
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_reports_of
from django_report_scheduling.tasks.pump import Pump
from tests.factories import NOW, AccountFactory


@dataclass
class Node:
    """One worker: processes that work, and messages that it has fetched ahead."""

    processes: int
    ahead: int = 0
    fetched: deque[Message] = field(default_factory=deque)
    busy: list[tuple[dt.datetime, str]] = field(default_factory=list)
    """When each report under way is done, and its id."""


@dataclass
class World:
    """Call :meth:`run`, then ask what happened.

    :param takes: how long a report takes; a multiple of ``step``.
    :param tick: time between two ticks; likewise.
    :param step: the shortest time in which anything happens.
    """

    nodes: list[Node]
    takes: Callable[[str], dt.timedelta]
    tick: dt.timedelta = dt.timedelta(seconds=30)
    step: dt.timedelta = dt.timedelta(seconds=10)
    now: dt.datetime = NOW
    newest: dt.datetime = NOW - dt.timedelta(days=1)
    """When the newest message that a worker has taken was handed out; older ones tell nothing new."""
    broker: deque[Message] = field(default_factory=deque)
    sent: Counter[str] = field(default_factory=Counter)
    """How many messages named each report."""
    started: dict[str, dt.datetime] = field(default_factory=dict)
    done: dict[str, dt.datetime] = field(default_factory=dict)
    most_out: Counter[object] = field(default_factory=Counter)
    """The most reports that each account has ever had with the broker and the workers."""
    work: dt.timedelta = dt.timedelta()
    """The time that all processes worked, together."""
    kind: str = REPORTS
    """What the messages are about."""

    def run(self, until: dt.datetime, *, watched: bool = False) -> None:
        """Let the world go on; with ``watched``, look at each account's share after everything that may hand out."""
        while self.now < until:
            self._finish()
            self._look(watched=watched)
            if not (self.now - NOW) % self.tick:
                self._hand_out(Pump(clock=lambda: self.now))
                self._look(watched=watched)
            for node in self.nodes:
                self._fetch_and_start(node)
            self.now += self.step

    def publish(self, messages: Iterable[Message]) -> int:
        """Take the place of the broker's client."""
        messages = list(messages)
        self.broker.extend(messages)
        self.sent.update(message.id for message in messages)
        return len(messages)

    def lose_everything(self) -> None:
        """Wipe the broker, and what the workers have fetched ahead."""
        self.broker.clear()
        for node in self.nodes:
            node.fetched.clear()

    def repeated(self) -> int:
        """Return how many messages were not the first for their report."""
        return self.sent.total() - len(self.sent)

    def _hand_out(self, pump: Pump) -> None:
        pump.reports()

    def _finish(self) -> None:
        done = [report for node in self.nodes for at, report in node.busy if at <= self.now]
        if not done:
            return
        for node in self.nodes:
            node.busy = [(at, report) for at, report in node.busy if at > self.now]
        self.done.update(dict.fromkeys(done, self.now))
        self._close(done)

    def _close(self, done: list[str]) -> None:
        finished = GeneratedReport.objects.filter(pk__in=done)
        finished.update(status=ReportStatus.SUCCEEDED, wake_at=None)
        for account_id in set(finished.values_list("account_id", flat=True)):
            self.publish(queue_due_reports_of(account_id=account_id, now=self.now))

    def _fetch_and_start(self, node: Node) -> None:
        while self.broker and len(node.fetched) + len(node.busy) < node.processes + node.ahead:
            node.fetched.append(self.broker.popleft())
        while node.fetched and len(node.busy) < node.processes:
            self._start(node, node.fetched.popleft())
            if self.broker:
                node.fetched.append(self.broker.popleft())

    def _start(self, node: Node, message: Message) -> None:
        assert message.handed_out is not None
        if message.handed_out > self.newest:
            self.newest = message.handed_out
            note_arrival(self.kind, handed_out=self.newest.timestamp())
        if self._claim(message):
            duration = self.takes(message.id)
            self.started[message.id] = self.now
            self.work += duration
            node.busy.append((self.now + duration, message.id))

    def _claim(self, message: Message) -> int:
        queued = GeneratedReport.objects.filter(pk=message.id, status=ReportStatus.QUEUED, attempt=message.attempt)
        return queued.update(status=ReportStatus.RUNNING, attempt=message.attempt + 1, started_at=self.now)

    def _look(self, *, watched: bool) -> None:
        if watched:
            out = GeneratedReport.objects.filter(status__in=(ReportStatus.QUEUED, ReportStatus.RUNNING))
            self.most_out |= Counter(out.values_list("account_id", flat=True))


def reports_due(account: object, number: int, *, at: dt.datetime = NOW) -> list[str]:
    """Store reports of an account that are due at the same moment; returns their ids in the order of the queue."""
    reports = [
        GeneratedReport(
            account=account,
            report_type="sample",
            slot=at,
            period_start=at - dt.timedelta(days=1),
            period_end=at,
            wake_at=at,
        )
        for _ in range(number)
    ]
    GeneratedReport.objects.bulk_create(reports, batch_size=2000)
    return sorted(str(report.pk) for report in reports)


def accounts(number: int) -> list[object]:
    """Store accounts."""
    return list(AccountFactory.create_batch(number))


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], World]:
    """Put the world's broker in the place of the real one."""

    def put(world: World) -> World:
        for kind in ("reports", "deliveries"):
            monkeypatch.setattr(f"django_report_scheduling.tasks.pump.publish_{kind}", world.publish)
        return world

    return put
