"""A clock that is put forward or back neither skips a slot nor makes one twice: attack 057."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from django_report_scheduling.choices import MisfirePolicy, ReportStatus
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services.expansion import expand_all_due
from django_report_scheduling.services.queueing import queue_report
from django_report_scheduling.services.report_claims import claim_report, finish_report, renew_lease
from django_report_scheduling.services.rescue import rescue_reports
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
POLICIES = pytest.mark.parametrize("policy", list(MisfirePolicy))


def hourly(policy: MisfirePolicy) -> ReportSchedule:
    """Due every hour from ``NOW`` on."""
    return ReportScheduleFactory(
        frequency="custom", recurrence="FREQ=HOURLY", day_of_week=None, time_of_day=dt.time(0), timezone="UTC",
        misfire_policy=policy, misfire_grace=dt.timedelta(minutes=10),
    )  # fmt: skip


def tick(at: dt.datetime) -> None:
    expand_all_due(clock=lambda: at, batch_size=10)


def slots() -> dict[dt.datetime, str]:
    """Every slot that has a report, and the report's state."""
    found = list(GeneratedReport.objects.values_list("slot", "status"))
    assert set(Counter(slot for slot, _status in found).values()) <= {1}
    return dict(found)


@POLICIES
def test_a_day_forward_and_back_again_leaves_one_report_for_each_slot(policy: MisfirePolicy) -> None:
    schedule = hourly(policy)
    tick(NOW)

    tick(NOW + DAY + HOUR / 60)  # the clock jumps forward
    tick(NOW + HOUR)  # and back
    for hour in range(2, 28):
        tick(NOW + hour * HOUR)

    assert sorted(slots()) == [NOW + hour * HOUR for hour in range(28)]
    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + 28 * HOUR


@POLICIES
def test_what_the_clock_jumped_over_is_treated_as_the_policy_says(policy: MisfirePolicy) -> None:
    hourly(policy)
    tick(NOW)

    tick(NOW + DAY)

    made = [slot for slot, status in slots().items() if status == ReportStatus.PENDING]
    assert len(made) == {MisfirePolicy.LATEST: 2, MisfirePolicy.ALL: 11, MisfirePolicy.SKIP: 2}[policy]
    assert len(slots()) == 25


@POLICIES
def test_two_hours_back_makes_nothing_twice_and_leaves_nothing_out(policy: MisfirePolicy) -> None:
    hourly(policy)
    for hour in range(4):
        tick(NOW + hour * HOUR)

    for hour in range(1, 8):  # the clock is two hours slow now
        tick(NOW + hour * HOUR)

    assert slots() == {NOW + hour * HOUR: ReportStatus.PENDING for hour in range(8)}


def test_a_slot_that_is_not_due_any_more_waits_for_the_clock_to_come_back() -> None:
    schedule = hourly(MisfirePolicy.SKIP)

    tick(NOW - HOUR)
    assert slots() == {}
    tick(NOW)

    assert slots() == {NOW: ReportStatus.PENDING}
    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + HOUR


def test_a_lease_that_a_jump_ended_is_rescued_and_only_the_second_worker_finishes() -> None:
    report = GeneratedReportFactory(queued=True)
    first = claim_report(report_id=report.pk, attempt=0, now=NOW)
    assert first is not None

    ahead = NOW + DAY
    assert not renew_lease(first, now=ahead)
    assert rescue_reports(now=ahead, limit=10) == 1
    queue_report(report_id=report.pk, now=ahead)
    second = claim_report(report_id=report.pk, attempt=1, now=ahead)
    assert second is not None

    assert not finish_report(first, files=[], targets=[("email", "a@customer.example")], now=NOW + HOUR)
    assert finish_report(second, files=[], targets=[("email", "a@customer.example")], now=NOW + HOUR)
    report.refresh_from_db()
    assert (report.status, report.attempt, report.generation_time_ms) == (ReportStatus.SUCCEEDED, 2, 0)
    assert report.deliveries.count() == 1


def test_a_jump_back_only_lengthens_a_lease() -> None:
    report = GeneratedReportFactory(queued=True)
    claimed = claim_report(report_id=report.pk, attempt=0, now=NOW)
    assert claimed is not None

    assert renew_lease(claimed, now=NOW - 2 * HOUR)
    assert rescue_reports(now=NOW - 2 * HOUR, limit=10) == 0
    assert finish_report(claimed, files=[], targets=[], now=NOW - HOUR)
