"""The clock that all processes share."""

from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.heartbeats import TICK, beat, last_beat
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_database_s_clock_is_aware_and_runs_on_inside_a_transaction() -> None:
    first, second = database_now(), database_now()

    assert first.utcoffset() == dt.timedelta(0)
    assert first <= second
    assert abs(first - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_a_heartbeat_tells_when_a_process_last_worked() -> None:
    assert last_beat(TICK) is None

    beat(TICK, now=NOW)
    beat(TICK, now=NOW + dt.timedelta(seconds=30))

    assert last_beat(TICK) == NOW + dt.timedelta(seconds=30)
