"""A backlog that outlasts the grace: the workers are healthy, but need longer than ``MESSAGE_TIMEOUT`` for the queue.

Nothing is lost here, so every message beyond one for each attempt is waste: a worker takes it and finds it stale. Time
is simulated, everything else is real: schedules fall due minute by minute, ticks come every 30 seconds, and a worker
takes messages from Redis in their order, so slowly that it is busy for ``longer`` times the grace.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice

from benchmarks.dispatching import queue, scenario
from django_report_scheduling.conf import conf
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.arrivals import REPORTS, note_arrival
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.report_claims import claim_report, finish_report
from django_report_scheduling.tasks.tick import run_tick

INTERVAL = 30
ENOUGH = 10
"""Times the expected number of ticks after which the backlog counts as stuck."""


def run(*, due: int, longer: int) -> dict[str, float]:
    """Count messages until the backlog is worked off.

    :param longer: how many times the grace the backlog lasts.
    :returns: ``reports``, ``messages``, and ``stale``, those that the worker took in vain.
    """
    queue.empty()
    scenario.fill(due=due)
    worker, now = Worker(), database_now() - dt.timedelta(minutes=scenario.DUE_WITHIN_MINUTES)
    ticks = conf.MESSAGE_TIMEOUT * longer // INTERVAL
    for _tick in range(ticks * ENOUGH):
        run_tick(clock=lambda at=now: at)
        worker.work(-(-due // ticks), now=now)
        now += dt.timedelta(seconds=INTERVAL)
        if GeneratedReport.objects.filter(status="succeeded").count() == due:
            return {"reports": due, "messages": worker.messages + queue.length(), "stale": worker.stale}
    msg = f"{due} reports were not finished after {ticks * ENOUGH} ticks: the backlog is stuck."
    raise RuntimeError(msg)


class Worker:
    """Takes messages as a real one does: it notes their arrival, claims, and is busy with one while a tick runs."""

    def __init__(self) -> None:
        self.messages = self.stale = 0
        self.in_hand: GeneratedReport | None = None

    def work(self, number: int, *, now: dt.datetime) -> None:
        """Finish the report in hand, take so many messages, and keep the last one."""
        for message in islice(queue.take(), number):
            self._finish(now)
            self.messages += 1
            assert message.handed_out is not None
            note_arrival(REPORTS, handed_out=message.handed_out.timestamp())
            self.in_hand = claim_report(report_id=message.id, attempt=message.attempt, now=now)
            self.stale += self.in_hand is None
        if not queue.length():
            self._finish(now)

    def _finish(self, now: dt.datetime) -> None:
        if self.in_hand is not None and not finish_report(self.in_hand, files=[], targets=[], now=now):
            msg = f"Report {self.in_hand.pk} was taken from a worker that was alive."
            raise RuntimeError(msg)
        self.in_hand = None
