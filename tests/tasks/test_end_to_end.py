"""The real thing: beat ticks, a worker generates and delivers, over each broker that is at hand."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

import pytest

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from tests.factories import ReportScheduleFactory
from tests.services_at_hand import rabbitmq_url, redis_url
from tests.tasks.conftest import StartWorker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SCHEDULES = 5
PATIENCE = 180


def _broker(url: str, name: str, *marks: pytest.MarkDecorator) -> object:
    missing = pytest.mark.skipif(not url, reason=f"no {name} server answers; set TEST_{name.upper()}_URL")
    return pytest.param(url, id=name.lower(), marks=[*marks, missing])


BROKERS = [
    pytest.param("filesystem://", id="filesystem"),
    _broker(redis_url(), "Redis", pytest.mark.redis),
    _broker(rabbitmq_url(), "RabbitMQ", pytest.mark.rabbitmq),
]


def wait_for_mails(number: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while Delivery.objects.filter(status=DeliveryStatus.SENT).count() < number:
        if time.monotonic() > deadline:
            pytest.fail(f"only {Delivery.objects.count()} deliveries after {PATIENCE} s:\n{log.read_text()[-4000:]}")
        time.sleep(0.1)


def message_ids(folder: Path) -> list[str]:
    """What was written, mail by mail: on Django 6.1 those of one second may share a file."""
    return [found for file in folder.iterdir() for found in re.findall(r"(?m)^Message-ID: (.+)$", file.read_text())]


@pytest.mark.parametrize("broker_url", BROKERS)
def test_schedules_that_fall_due_are_generated_and_mailed_once(
    start_worker: StartWorker, tmp_path: Path, broker_url: str
) -> None:
    due = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(seconds=1)
    daily = {"frequency": "daily", "day_of_week": None, "timezone": "UTC", "time_of_day": due.time()}
    ReportScheduleFactory.create_batch(SCHEDULES, next_run_at=due, **daily)

    with start_worker(broker_url):
        wait_for_mails(SCHEDULES, tmp_path / "worker.log")

    assert set(GeneratedReport.objects.values_list("status", flat=True)) == {ReportStatus.SUCCEEDED}
    assert GeneratedReport.objects.count() == SCHEDULES
    sent = message_ids(tmp_path / "mail")
    assert len(sent) == len(set(sent)) == SCHEDULES
    assert not ReportSchedule.objects.filter(next_run_at__lte=due).exists()
    assert len(list((tmp_path / "media").rglob("*.json"))) == SCHEDULES
