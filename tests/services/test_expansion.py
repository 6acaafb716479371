"""Due schedules become reports: each slot once, nothing forgotten, nobody held up."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import (
    ErrorCode,
    Event,
    MisfirePolicy,
    ReportStatus,
    Role,
    ScheduleState,
    Trigger,
)
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services import expansion
from django_report_scheduling.services.expansion import expand_all_due, expand_due_schedules
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

SOON = NOW + dt.timedelta(minutes=1)
WEEK = dt.timedelta(days=7)


def expand(now: dt.datetime = SOON, limit: int = 100) -> int:
    return expand_due_schedules(now=now, limit=limit)


def test_a_due_schedule_becomes_one_pending_report_of_its_slot() -> None:
    schedule = ReportScheduleFactory()

    assert expand() == 1

    report = GeneratedReport.objects.get()
    assert (report.schedule, report.slot, report.trigger) == (schedule, NOW, Trigger.SCHEDULE)
    assert (report.status, report.wake_at) == (ReportStatus.PENDING, SOON)


def test_the_report_freezes_what_the_run_will_need() -> None:
    schedule = ReportScheduleFactory(parameters={"rows": 3}, formats=["json", "csv"])

    expand()
    ReportSchedule.objects.update(parameters={}, formats=["pdf"], timezone="UTC")

    report = GeneratedReport.objects.get()
    assert report.account == schedule.account
    assert (report.parameters, report.formats, report.timezone) == ({"rows": 3}, ["json", "csv"], "Europe/Berlin")
    assert (report.period.first_day, report.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))


def test_the_schedule_moves_on_to_its_next_slot() -> None:
    schedule = ReportScheduleFactory()

    expand()

    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + WEEK


def test_a_second_tick_finds_nothing_to_do() -> None:
    ReportScheduleFactory()

    assert [expand(), expand()] == [1, 0]
    assert GeneratedReport.objects.count() == 1


def test_a_slot_that_has_its_report_already_gets_no_second_one() -> None:
    """As after a clock that jumped back, or a next run that was set back by hand."""
    schedule = ReportScheduleFactory()
    existing = GeneratedReportFactory(schedule=schedule, succeeded=True)

    expand()

    assert list(GeneratedReport.objects.all()) == [existing]


def test_a_schedule_that_is_not_due_yet_is_left_alone() -> None:
    ReportScheduleFactory(next_run_at=SOON + dt.timedelta(seconds=1))

    assert expand() == 0


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ERRORED, ScheduleState.ENDED])
def test_only_active_schedules_are_expanded(state: ScheduleState) -> None:
    ReportScheduleFactory(state=state)

    assert expand() == 0


def test_the_oldest_due_schedules_come_first_when_a_batch_is_full() -> None:
    late = ReportScheduleFactory(next_run_at=NOW - dt.timedelta(minutes=30))
    ReportScheduleFactory()

    assert expand(limit=1) == 1
    assert GeneratedReport.objects.get().schedule == late


def test_batch_after_batch_takes_all_that_are_due_at_the_same_moment() -> None:
    ReportScheduleFactory.create_batch(7)

    assert expand_all_due(clock=lambda: SOON, batch_size=3) == 7
    assert GeneratedReport.objects.count() == 7


def test_a_transaction_makes_no_more_reports_than_it_may_hold_its_locks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expansion, "ENOUGH", 7)
    ReportScheduleFactory.create_batch(5, misfire_policy=MisfirePolicy.ALL)
    after_a_month = NOW + 4 * WEEK

    assert expand(after_a_month) == 2
    assert GeneratedReport.objects.count() == 10

    assert expand_all_due(clock=lambda: after_a_month, batch_size=3) == 3
    assert GeneratedReport.objects.count() == 25


def test_a_batch_begins_where_the_one_before_ended() -> None:
    """So that it need not look at what that one left behind."""
    moments = [NOW - dt.timedelta(hours=1), NOW, NOW, NOW, SOON]
    schedules = [ReportScheduleFactory(next_run_at=moment) for moment in moments]
    in_order = sorted(schedules, key=lambda schedule: (schedule.next_run_at, schedule.pk))

    for number, schedule in enumerate(in_order, start=1):
        assert list(ReportSchedule.objects.due(now=SOON, since=schedule.place)) == in_order[number:]


def test_what_falls_due_behind_the_batch_waits_for_the_next_tick() -> None:
    ReportScheduleFactory.create_batch(2)
    early = ReportScheduleFactory(next_run_at=SOON + WEEK)
    moments = iter([SOON, SOON])

    def clock() -> dt.datetime:
        moment = next(moments)
        if GeneratedReport.objects.exists():
            ReportSchedule.objects.filter(pk=early.pk).update(next_run_at=NOW - WEEK)
        return moment

    assert expand_all_due(clock=clock, batch_size=2) == 2
    assert expand() == 1


def test_a_slot_that_has_its_report_already_leaves_no_line_in_the_record() -> None:
    GeneratedReportFactory(schedule=ReportScheduleFactory(), succeeded=True)

    expand()

    assert not AuditEvent.objects.filter(verb="report.pending").exists()


def test_a_schedule_without_another_slot_has_ended() -> None:
    schedule = ReportScheduleFactory(ends_at=NOW + dt.timedelta(days=1))

    expand()

    schedule.refresh_from_db()
    assert (schedule.state, schedule.next_run_at, schedule.active) == (ScheduleState.ENDED, None, False)


@pytest.mark.parametrize(
    ("policy", "made", "missed"),
    [
        (MisfirePolicy.LATEST, [NOW], [NOW - 2 * WEEK, NOW - WEEK]),
        (MisfirePolicy.ALL, [NOW - 2 * WEEK, NOW - WEEK, NOW], []),
        (MisfirePolicy.SKIP, [], [NOW - 2 * WEEK, NOW - WEEK, NOW]),
    ],
)
def test_after_an_outage_the_misfire_policy_decides_and_every_slot_leaves_a_row(
    policy: MisfirePolicy, made: list[dt.datetime], missed: list[dt.datetime]
) -> None:
    schedule = ReportScheduleFactory(misfire_policy=policy, next_run_at=NOW - 2 * WEEK)

    expand(now=NOW + dt.timedelta(days=1))

    slots = GeneratedReport.objects.order_by("slot")
    assert list(slots.filter(status=ReportStatus.PENDING).values_list("slot", flat=True)) == made
    assert list(slots.filter(status=ReportStatus.MISSED).values_list("slot", flat=True)) == missed
    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + WEEK


def test_a_slot_within_the_grace_is_on_time_under_every_policy() -> None:
    ReportScheduleFactory(misfire_policy=MisfirePolicy.SKIP, misfire_grace=dt.timedelta(hours=1))

    expand(now=NOW + dt.timedelta(minutes=59))

    assert GeneratedReport.objects.get().status == ReportStatus.PENDING


def test_a_broken_rule_stops_that_schedule_with_the_reason_and_no_other() -> None:
    broken, sound = ReportScheduleFactory(), ReportScheduleFactory()
    ReportSchedule.objects.filter(pk=broken.pk).update(timezone="Europe/Nowhere")

    assert expand() == 2

    broken.refresh_from_db()
    assert broken.state == ScheduleState.ERRORED
    assert "Europe/Nowhere" in broken.state_reason
    assert GeneratedReport.objects.get(status=ReportStatus.PENDING).schedule == sound


def test_the_slot_of_a_broken_rule_is_a_skipped_report_of_the_day_before() -> None:
    schedule = ReportScheduleFactory()
    ReportSchedule.objects.update(timezone="Europe/Nowhere")

    expand()

    report = GeneratedReport.objects.get()
    assert (report.schedule, report.slot, report.status) == (schedule, NOW, ReportStatus.SKIPPED)
    assert report.error_code == ErrorCode.INVALID_SCHEDULE
    assert "Europe/Nowhere" in report.error_message
    assert (report.period.start, report.period.end) == (NOW - dt.timedelta(days=1), NOW)
    assert (report.timezone, report.expires_at) == ("UTC", SOON + dt.timedelta(days=90))


def test_the_slot_of_a_broken_rule_keeps_a_time_zone_that_exists() -> None:
    ReportScheduleFactory(
        frequency="custom", recurrence="FREQ=WEEKLY;BYDAY=MO", day_of_week=None, timezone="Europe/Berlin"
    )
    ReportSchedule.objects.update(recurrence="FREQ=NEVER")

    expand()

    report = GeneratedReport.objects.get()
    assert (report.timezone, report.error_code) == ("Europe/Berlin", ErrorCode.INVALID_SCHEDULE)


def test_a_report_type_that_is_no_longer_registered_pauses_its_schedule() -> None:
    schedule = ReportScheduleFactory(report_type="gone")

    expand()

    schedule.refresh_from_db()
    assert (schedule.state, schedule.state_reason) == (ScheduleState.PAUSED, "unknown_report_type")
    report = GeneratedReport.objects.get()
    assert (report.slot, report.status, report.error_code) == (NOW, ReportStatus.SKIPPED, "unknown_report_type")
    assert (report.period.first_day, report.period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))


@pytest.mark.parametrize("broken", [{"report_type": "gone"}, {"timezone": "Europe/Nowhere"}])
def test_people_are_told_once_when_a_mistake_stops_a_schedule(broken: dict[str, str]) -> None:
    UserFactory(is_superuser=True, email="admin@people.example")
    owner = UserFactory(email="owner@people.example")
    schedule = ReportScheduleFactory(created_by=owner)
    grant(account=schedule.account, holder=owner, role=Role.ACCOUNT_MANAGER)
    ReportSchedule.objects.update(**broken)

    expand()
    expand()

    told = Delivery.objects.filter(event=Event.SCHEDULE_ERRORED, report__status=ReportStatus.SKIPPED)
    assert sorted(told.values_list("target", flat=True)) == ["admin@people.example", "owner@people.example"]


def test_people_are_told_also_when_the_slot_has_its_report_already() -> None:
    UserFactory(is_superuser=True)
    existing = GeneratedReportFactory(succeeded=True)
    ReportSchedule.objects.update(report_type="gone", next_run_at=NOW)

    expand()

    assert Delivery.objects.get().report == existing


def test_an_inactive_account_pauses_its_schedules_and_the_slot_shows_why() -> None:
    UserFactory(is_superuser=True)
    schedule = ReportScheduleFactory(account__active=False)

    expand()

    schedule.refresh_from_db()
    assert (schedule.state, schedule.state_reason) == (ScheduleState.PAUSED, "account_inactive")
    report = GeneratedReport.objects.get()
    assert (report.slot, report.status, report.status_reason) == (NOW, ReportStatus.SKIPPED, "account_inactive")
    assert report.error_code == ""
    assert not Delivery.objects.exists()


def test_missed_slots_beyond_those_that_get_a_row_are_counted_in_the_record() -> None:
    schedule = ReportScheduleFactory(
        frequency="daily", day_of_week=None, timezone="UTC", time_of_day=dt.time(7), misfire_policy="skip",
        next_run_at=NOW - dt.timedelta(days=149),
    )  # fmt: skip

    expand(now=NOW + dt.timedelta(hours=2))

    assert GeneratedReport.objects.filter(status=ReportStatus.MISSED).count() == 100
    event = AuditEvent.objects.get(verb="schedule.slots_missed")
    assert (event.schedule_id, event.data) == (schedule.pk, {"unlisted": 50})


def test_the_rule_of_a_schedule_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ReportScheduleFactory()
    read: list[ReportSchedule] = []
    as_recurrence = ReportSchedule.as_recurrence
    monkeypatch.setattr(ReportSchedule, "as_recurrence", lambda self: (read.append(self), as_recurrence(self))[1])

    expand()

    assert len(read) == 1


def test_every_change_is_written_to_the_record() -> None:
    schedule = ReportScheduleFactory(ends_at=NOW + dt.timedelta(days=1))

    expand()

    events = AuditEvent.objects.filter(schedule_id=schedule.pk).order_by("id")
    assert list(events.values_list("verb", flat=True)) == ["report.pending", "schedule.ended"]
    report = GeneratedReport.objects.get()
    first = events[0]
    assert (first.object_type, first.object_id, first.at) == ("generatedreport", str(report.pk), SOON)
    assert (first.account_id, first.data) == (str(schedule.account_id), {"slot": NOW.isoformat()})


def test_the_number_of_queries_does_not_grow_with_the_schedules(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ReportScheduleFactory.create_batch(20)

    with django_assert_max_num_queries(8):
        assert expand() == 20
