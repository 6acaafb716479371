"""What the database part of a report costs a worker: claim and finish, over a connection that stays open."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable

from benchmarks.dispatching import queue, scenario
from benchmarks.dispatching.meter import measured
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.report_claims import claim_report, finish_report
from django_report_scheduling.tasks.tick import run_tick

WARM_UP = 20


def run(*, reports: int) -> dict[str, float]:
    """Measure so many reports of one file and one recipient each.

    :returns: ``report_ms``, the median milliseconds of a report, and ``cpu_ms``, what this process worked of it.
    """
    queue.empty()
    scenario.fill(due=reports + WARM_UP)
    run_tick(clock=database_now)
    waiting = list(queue.take())
    list(_work(waiting[:WARM_UP]))
    with measured() as cost:
        seconds = list(_work(waiting[WARM_UP:]))
    return {"report_ms": statistics.median(seconds) * 1000, "cpu_ms": cost.cpu / len(seconds) * 1000}


def _work(messages: Iterable[Message]) -> Iterable[float]:
    for message in messages:
        start = time.perf_counter()
        report = claim_report(report_id=message.id, attempt=message.attempt, now=database_now())
        assert report is not None
        finished = finish_report(
            report, files=[_file(report)], targets=[("email", "client@customer.example")], now=database_now()
        )
        assert finished
        yield time.perf_counter() - start


def _file(report: GeneratedReport) -> ReportFile:
    key = f"{report.account_id}/{report.pk}/{report.attempt}.json"
    return ReportFile(
        report=report,
        format="json",
        key=key,
        name="report.json",
        content_type="application/json",
        size=2,
        sha256="0" * 64,
    )
