"""What stopping a worker does to the report in its hands."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import GeneratedReport
from tests.factories import GeneratedReportFactory
from tests.tasks.conftest import StartWorker
from tests.waiting_report import at_work, may_end

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 180


def wait_until(condition: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not after {PATIENCE} s:\n{log.read_text()[-4000:]}")
        time.sleep(0.1)


def succeeded() -> bool:
    return GeneratedReport.objects.get().status == ReportStatus.SUCCEEDED


def test_a_warm_stop_lets_the_report_in_flight_finish(start_worker: StartWorker, tmp_path: Path) -> None:
    GeneratedReportFactory(report_type="waiting", schedule__state="paused")

    with start_worker("filesystem://") as worker:
        wait_until(at_work(tmp_path).exists, tmp_path / "worker.log")
        worker.send_signal(signal.SIGTERM)
        may_end(tmp_path).touch()
        worker.wait(timeout=PATIENCE)

    report = GeneratedReport.objects.get()
    assert (report.status, report.attempt, report.rescues) == (ReportStatus.SUCCEEDED, 1, 0)


def test_a_cold_stop_costs_one_lease_and_the_next_worker_makes_the_report(
    start_worker: StartWorker, tmp_path: Path
) -> None:
    GeneratedReportFactory(report_type="waiting", schedule__state="paused")
    lease = {"LEASE": 5, "LEASE_RENEWAL": 1}

    with start_worker("filesystem://", **lease) as worker:
        wait_until(at_work(tmp_path).exists, tmp_path / "worker.log")
        worker.send_signal(signal.SIGQUIT)
        worker.wait(timeout=PATIENCE)
    assert GeneratedReport.objects.get().status == ReportStatus.RUNNING

    may_end(tmp_path).touch()
    with start_worker("filesystem://", **lease):
        wait_until(succeeded, tmp_path / "worker.log")
    report = GeneratedReport.objects.get()
    assert (report.attempt, report.rescues) == (2, 1)
