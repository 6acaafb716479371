"""A tick asks once whether there is anything to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.services.heartbeats import TICK, beat
from django_report_scheduling.services.waiting_work import anything_waits
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def a_tick_has_begun() -> None:
    beat(TICK, now=NOW)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda at: ReportScheduleFactory(next_run_at=at), id="a due schedule"),
        pytest.param(lambda at: GeneratedReportFactory(wake_at=at), id="a pending report"),
        pytest.param(lambda at: GeneratedReportFactory(queued=True, wake_at=at), id="a late message"),
        pytest.param(lambda at: GeneratedReportFactory(running=True, wake_at=at), id="a lease that is over"),
        pytest.param(lambda at: DeliveryFactory(wake_at=at), id="a pending delivery"),
        pytest.param(lambda at: DeliveryFactory(status="sending", wake_at=at), id="a delivery whose worker vanished"),
    ],
)
def test_work_whose_time_has_come_waits(make: Callable[[dt.datetime], object]) -> None:
    make(LATER)
    assert not anything_waits(now=NOW)
    assert anything_waits(now=LATER)


def test_what_is_finished_or_stopped_does_not_wait() -> None:
    GeneratedReportFactory(succeeded=True)
    ReportScheduleFactory(state=ScheduleState.PAUSED)
    assert not anything_waits(now=NOW)


def test_the_question_is_one_query(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):
        anything_waits(now=NOW)
