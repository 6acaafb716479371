"""When a schedule will run next."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.upcoming_runs import UpcomingRun, runs_until, upcoming_runs
from tests.factories import NOW, ReportScheduleFactory

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = dt.timedelta(days=7)
HOUR = dt.timedelta(hours=1)
BEFORE = NOW - dt.timedelta(days=1)


def runs(schedule: ReportSchedule, *, now: dt.datetime = BEFORE, count: int = 3) -> list[UpcomingRun]:
    return upcoming_runs(schedule=schedule, now=now, count=count)


def weekly(**fields: Any) -> ReportSchedule:
    return ReportScheduleFactory.build(**fields)


def test_the_first_is_the_next_run_of_the_schedule() -> None:
    assert [run.slot for run in runs(weekly())] == [NOW, NOW + WEEK, NOW + 2 * WEEK]
    assert [run.slot for run in runs(weekly(), count=1)] == [NOW]


def test_the_clocks_of_the_zone_show_the_same_time_all_year() -> None:
    shown = runs(weekly(), count=6)

    assert {run.local.time() for run in shown} == {dt.time(8)}
    assert {run.local.utcoffset() for run in shown} == {dt.timedelta(hours=1), dt.timedelta(hours=2)}
    assert all(run.slot.tzinfo is dt.UTC for run in shown)


def test_each_says_what_its_report_will_cover() -> None:
    first, second, _third = runs(weekly())

    assert (first.period.first_day, first.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))
    assert second.period.start == first.period.end


def test_after_the_end_nothing_runs() -> None:
    assert [run.slot for run in runs(weekly(ends_at=NOW + WEEK), count=100)] == [NOW, NOW + WEEK]


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ERRORED, ScheduleState.ENDED])
def test_a_schedule_that_is_not_active_does_not_run(state: ScheduleState) -> None:
    assert runs(weekly(state=state)) == []


def test_while_the_tick_is_late_the_slot_that_waits_for_it_comes_first_and_no_other_of_the_past() -> None:
    now = NOW + 5 * WEEK

    assert [run.slot for run in runs(weekly(), now=now)] == [NOW, now + WEEK - SUMMER, now + 2 * WEEK - SUMMER]


SUMMER = dt.timedelta(hours=1)


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_report")
def test_what_was_announced_is_what_runs() -> None:
    schedule = ReportScheduleFactory()
    announced = [run.slot for run in runs(schedule, count=8)]

    for slot in announced:
        expand_due_schedules(now=slot, limit=10)

    assert sorted(schedule.reports.values_list("slot", flat=True)) == announced


def test_a_rule_that_is_no_longer_valid_is_told() -> None:
    with pytest.raises(InvalidRecurrence):
        runs(weekly(timezone="Mars/Olympus"))


@pytest.mark.parametrize("now", [BEFORE, NOW, NOW + 2 * WEEK])
def test_those_until_a_moment_are_the_same_ones(now: dt.datetime) -> None:
    expected = runs(weekly(), now=now, count=5)

    assert list(runs_until(schedule=weekly(), now=now, until=expected[-1].slot)) == expected
    assert list(runs_until(schedule=weekly(), now=now, until=expected[-1].slot - HOUR)) == expected[:-1]


def test_there_is_none_until_a_moment_before_the_first_or_of_a_schedule_that_does_not_run() -> None:
    assert list(runs_until(schedule=weekly(), now=BEFORE, until=NOW - HOUR)) == []
    assert list(runs_until(schedule=weekly(state=ScheduleState.PAUSED), now=BEFORE, until=NOW + WEEK)) == []


def test_a_rule_that_is_no_longer_valid_is_told_with_the_first() -> None:
    with pytest.raises(InvalidRecurrence):
        next(runs_until(schedule=weekly(timezone="Mars/Olympus"), now=BEFORE, until=NOW + WEEK))
