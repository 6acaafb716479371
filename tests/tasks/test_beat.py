"""The beat entries register themselves."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.schedules import crontab
from pytest_django import Settings

from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.beat import register_beat_entries

ROOT = Path(__file__).resolve().parents[2]


def entries() -> dict[str, Any]:
    fresh = Celery("fresh", set_as_current=False)
    register_beat_entries(fresh)
    return dict(fresh.conf.beat_schedule)


def test_a_host_that_only_installs_the_app_has_tick_and_purge() -> None:
    """In a process of its own, where the app is the current one before Django starts, as with ``celery -A``."""
    show = "import tests.celery_app as t, django; django.setup(); print(*sorted(t.app.conf.beat_schedule))"
    shown = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True, cwd=ROOT)

    assert shown.stdout.split() == [names.PURGE, names.TICK]


@pytest.mark.parametrize(
    ("schedule", "expires"),
    [(30, 30), (2.5, 2.5), (dt.timedelta(minutes=1), 60), (crontab(minute="0"), 60)],
)
def test_a_tick_that_waited_for_longer_than_its_interval_expires(
    settings: Settings, schedule: Any, expires: float
) -> None:
    settings.REPORT_SCHEDULING = {"TICK_SCHEDULE": schedule}

    tick = entries()[names.TICK]
    assert (tick["schedule"], tick["options"]["expires"]) == (schedule, expires)


def test_the_tick_goes_to_its_queue(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"QUEUES": {names.TICK: "dispatch"}}

    assert entries()[names.TICK]["options"]["queue"] == "dispatch"
