"""A schedule or account is deleted while a worker, a process of its own, is busy with it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.purge import purge
from django_report_scheduling.services.schedules import delete_schedule
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory
from tests.tasks.conftest import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_report")]

ROOT = Path(__file__).resolve().parents[2]

Delete = Callable[[GeneratedReport], None]


def the_schedule(report: GeneratedReport) -> None:
    delete_schedule(schedule_id=report.schedule_id, actor=None, now=NOW)


def the_account(report: GeneratedReport) -> None:
    delete_account(account_id=report.account_id, actor=None, now=NOW)


each_deletion = pytest.mark.parametrize("delete", [the_schedule, the_account])


class Worker:
    """A worker that has got to a point and waits there."""

    def __init__(self, process: subprocess.Popen[str], point: str) -> None:
        self.process = process
        assert self.read() == point

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def go_on(self) -> str:
        """Let it end, and return what came of it."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.read()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


Start = Callable[[str, Any, str], Worker]


@pytest.fixture
def start(tmp_path: Path, settings: Settings) -> Iterator[Start]:
    """Start a worker; its storage, which is ours too, and its mails lie in the folder of the test."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_DATABASE_URL": database_url(),
        "TEST_SCRATCH": str(tmp_path),
    }
    started: list[subprocess.Popen[str]] = []

    def run(verb: str, row: Any, point: str) -> Worker:
        command = [sys.executable, "-m", "tests.concurrency.deletion_racer", verb, str(row.pk), point]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return Worker(process, point)

    yield run
    for process in started:
        process.kill()
        process.communicate()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@each_deletion
@pytest.mark.parametrize("point", ["queried", "stored"])
def test_a_report_that_is_being_made_leaves_no_file_and_no_delivery(
    start: Start, tmp_path: Path, delete: Delete, point: str
) -> None:
    report = GeneratedReportFactory(queued=True)
    worker = start("generate", report, point)

    delete(report)

    assert worker.go_on() == "None"
    assert not files_in(tmp_path / "media")
    assert not Delivery.objects.exists()
    assert set(GeneratedReport.objects.values_list("status", flat=True)) <= {ReportStatus.CANCELLED}


@each_deletion
def test_what_a_worker_leaves_that_is_killed_after_storing_the_purge_finds(
    start: Start, tmp_path: Path, delete: Delete
) -> None:
    report = GeneratedReportFactory(queued=True)
    worker = start("generate", report, "stored")
    delete(report)
    worker.kill()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)

    list(purge(now=later))

    assert not files_in(tmp_path / "media")


@each_deletion
def test_a_delivery_that_a_worker_has_taken_is_not_sent(start: Start, tmp_path: Path, delete: Delete) -> None:
    delivery, waiting = DeliveryFactory(), DeliveryFactory()
    Delivery.objects.filter(pk=waiting.pk).update(report=delivery.report, target="other@customer.example")
    worker = start("deliver", delivery, "built")

    delete(delivery.report)

    assert worker.go_on() in {DeliveryStatus.SUPPRESSED.value, "None"}
    assert not files_in(tmp_path / "mail")
    assert set(Delivery.objects.values_list("status", flat=True)) <= {DeliveryStatus.SUPPRESSED}


def test_without_a_deletion_it_is_sent(start: Start, tmp_path: Path) -> None:
    delivery = DeliveryFactory()

    assert start("deliver", delivery, "built").go_on() == DeliveryStatus.SENT.value
    assert len(files_in(tmp_path / "mail")) == 1
