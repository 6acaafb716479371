"""What waits goes to the broker, batch after batch: marked, committed, published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django_report_scheduling.conf import conf
from django_report_scheduling.services.delivery_lanes import LANES
from django_report_scheduling.services.delivery_queueing import queue_due_deliveries
from django_report_scheduling.services.fair_share import Walk
from django_report_scheduling.services.lost_messages import requeue_lost_deliveries, requeue_lost_reports
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_reports
from django_report_scheduling.tasks.publishing import publish_deliveries, publish_reports

Publish = Callable[[list[Message]], int]


@dataclass(kw_only=True, slots=True)
class Pump:
    """Publishes what is marked, and counts both. It stops where the broker takes nothing: the rest is not even marked.

    :param clock: returns the current time, aware.
    """

    clock: Callable[[], dt.datetime]
    marked: int = 0
    published: int = 0

    def reports(self) -> None:
        """Send reports: first those whose message was lost, then those that are due."""
        self._lost(publish_reports, requeue_lost_reports)
        self._due(publish_reports, queue_due_reports)

    def deliveries(self) -> None:
        """Send deliveries, in the same order."""
        self._lost(publish_deliveries, requeue_lost_deliveries)
        for lane in LANES:
            self._due(publish_deliveries, partial(queue_due_deliveries, lane=lane))

    def _lost(self, publish: Publish, requeue: Callable[..., list[Message]]) -> None:
        size = conf.TICK_BATCH_SIZE
        while self._publish(publish, messages := requeue(now=self.clock(), limit=size)):
            if len(messages) < size:
                break

    def _due(self, publish: Publish, queue: Callable[..., list[Message]]) -> None:
        walk = Walk()
        while not walk.over:
            messages = queue(now=self.clock(), limit=conf.TICK_BATCH_SIZE, walk=walk)
            if messages and not self._publish(publish, messages):
                break

    def _publish(self, publish: Publish, messages: list[Message]) -> int:
        taken = publish(messages)
        self.marked += len(messages)
        self.published += taken
        return taken
