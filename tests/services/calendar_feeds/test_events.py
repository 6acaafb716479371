"""Which runs a calendar shows: the owner's, the active ones, the soonest, and no more work than that takes."""

from __future__ import annotations

import datetime as dt
import itertools
import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role, ScheduleState
from django_report_scheduling.models import CalendarFeed, ReportSchedule
from django_report_scheduling.services.calendar_feeds import events
from django_report_scheduling.services.calendar_feeds.events import AHEAD, MOST, coming_runs
from tests.factories import NOW, AccountFactory, CalendarFeedFactory, ReportScheduleFactory, UserFactory
from tests.services.calendar_feeds.conftest import BEFORE

pytestmark = pytest.mark.django_db

WEEK = dt.timedelta(days=7)
HOURLY = {"frequency": "custom", "day_of_week": None, "recurrence": "FREQ=HOURLY"}


def shown(feed: CalendarFeed, *, now: dt.datetime = BEFORE) -> list[tuple[ReportSchedule, dt.datetime]]:
    return [(each.schedule, each.run.slot) for each in coming_runs(feed, now=now)]


def schedules_in(feed: CalendarFeed) -> set[ReportSchedule]:
    return {schedule for schedule, _slot in shown(feed)}


def store(schedule: ReportSchedule, **values: str) -> None:
    """Change a row by hand: SQL by column."""
    changes = ", ".join(f"{column} = {sql}" for column, sql in values.items())
    key = schedule.pk if connection.features.has_native_uuid_field else schedule.pk.hex
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(ReportSchedule._meta.db_table)
        cursor.execute(f"UPDATE {table} SET {changes} WHERE id = %s", [key])  # noqa: S608


def test_every_slot_of_the_next_90_days_is_shown_and_none_behind_them(feed: CalendarFeed) -> None:
    schedule = ReportScheduleFactory(account=feed.account)

    found = shown(feed)

    assert found[0] == (schedule, NOW)
    assert len(found) == 13
    assert BEFORE + AHEAD - WEEK < found[-1][1] <= BEFORE + AHEAD


def test_a_slot_at_the_very_end_still_belongs(feed: CalendarFeed) -> None:
    schedule = ReportScheduleFactory(account=feed.account, next_run_at=NOW + AHEAD)

    assert shown(feed, now=NOW) == [(schedule, NOW + AHEAD)]
    assert shown(feed, now=NOW - dt.timedelta(seconds=1)) == []


def test_a_slot_that_is_due_and_waits_for_the_tick_is_shown_and_none_between(feed: CalendarFeed) -> None:
    ReportScheduleFactory(account=feed.account)

    slots = [slot for _schedule, slot in shown(feed, now=NOW + 2 * WEEK)]

    assert slots[0] == NOW
    assert slots[1] > NOW + 2 * WEEK


def test_the_runs_of_several_schedules_are_in_one_order(feed: CalendarFeed) -> None:
    for day in range(5):
        ReportScheduleFactory(account=feed.account, day_of_week=day, next_run_at=NOW + dt.timedelta(days=day))

    slots = [slot for _schedule, slot in shown(feed)]

    assert len(slots) == 5 * 13
    assert slots == sorted(slots)


def test_a_week_with_a_change_of_the_clocks_moves_the_slot_in_utc(feed: CalendarFeed) -> None:
    ReportScheduleFactory(account=feed.account)

    hours = {slot.date(): slot.hour for _schedule, slot in shown(feed)}

    assert hours[dt.date(2026, 3, 23)] == 7
    assert hours[dt.date(2026, 3, 30)] == 6


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ERRORED, ScheduleState.ENDED])
def test_a_schedule_that_does_not_run_is_not_shown(state: ScheduleState, feed: CalendarFeed) -> None:
    ReportScheduleFactory(account=feed.account, state=state)

    assert shown(feed) == []


def test_the_account_of_the_feed_is_shown_and_no_other(feed: CalendarFeed) -> None:
    other = ReportScheduleFactory()
    grant(account=other.account, holder=feed.owner, role=Role.ACCOUNT_MANAGER)
    own = ReportScheduleFactory(account=feed.account)

    assert schedules_in(feed) == {own}


def test_a_feed_of_all_accounts_shows_those_that_the_owner_sees(account: Any, client_user: Any) -> None:
    feed = CalendarFeedFactory(owner=client_user, account=None)
    through_group, hidden, inactive = ReportScheduleFactory(), ReportScheduleFactory(), ReportScheduleFactory()
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="Readers")
    client_user.groups.add(group)
    grant(account=through_group.account, holder=group, role=Role.CLIENT)
    grant(account=inactive.account, holder=client_user, role=Role.CLIENT)
    inactive.account.active = False
    inactive.account.save()
    own = ReportScheduleFactory(account=account)

    assert schedules_in(feed) == {own, through_group}
    assert hidden not in schedules_in(feed)


def test_an_administrator_sees_all(account: Any) -> None:
    feed = CalendarFeedFactory(owner=UserFactory(is_superuser=True), account=None)
    everything = {ReportScheduleFactory(), ReportScheduleFactory()}

    assert schedules_in(feed) == everything


def test_the_soonest_are_shown_where_there_are_too_many(feed: CalendarFeed) -> None:
    ReportScheduleFactory(account=feed.account, **HOURLY)
    weekly = ReportScheduleFactory(account=feed.account, next_run_at=NOW + WEEK)

    found = shown(feed)

    assert len(found) == MOST
    assert found[-1][1] - found[0][1] < dt.timedelta(hours=MOST)
    assert (weekly, NOW + WEEK) in found


def test_no_more_schedules_are_read_and_no_more_slots_worked_out_than_can_be_shown(
    feed: CalendarFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST", 3)
    all_of_them = [
        ReportScheduleFactory(account=feed.account, next_run_at=NOW + WEEK * (number + 1)) for number in range(5)
    ]
    worked_out: list[Any] = []
    runs_until = events.runs_until

    def counted(**arguments: Any) -> Any:
        for run in runs_until(**arguments):
            worked_out.append(run)
            yield run

    monkeypatch.setattr(events, "runs_until", counted)

    found = shown(feed)

    assert [slot for _schedule, slot in found] == [NOW + WEEK, NOW + 2 * WEEK, NOW + 2 * WEEK]
    assert {schedule for schedule, _slot in found} == set(all_of_them[:2])
    assert len(worked_out) <= 3 + 3


def test_it_takes_as_many_queries_for_many_schedules_as_for_few(account: Any, client_user: Any) -> None:
    key = CalendarFeedFactory(owner=client_user, account=None).pk
    ReportScheduleFactory(account=account)

    def names() -> set[str]:
        feed = CalendarFeed.objects.select_related("owner").get(pk=key)
        return {f"{each.schedule.account.name}: {each.run.period}" for each in coming_runs(feed, now=BEFORE)}

    with CaptureQueriesContext(connection) as few:
        assert names()
    for _number in range(20):
        more = AccountFactory()
        grant(account=more, holder=client_user, role=Role.CLIENT)
        ReportScheduleFactory(account=more)
        ReportScheduleFactory(account=more, **HOURLY)

    with CaptureQueriesContext(connection) as many:
        assert len(names()) > 100

    assert len(few) == len(many) <= 4


@pytest.mark.parametrize(
    "values",
    [
        {"timezone": "'Mars/Olympus'"},
        {"frequency": "'custom'", "day_of_week": "NULL", "recurrence": "'FREQ=NEVER'"},
        {"frequency": "'custom'", "day_of_week": "NULL", "recurrence": "'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'"},
        {"time_of_day": "'08:00:00.5'"},
        {"starts_at": "'9999-12-31 23:00:00'"},
    ],
)
def test_a_schedule_whose_rule_cannot_be_read_is_left_out_and_logged(
    values: dict[str, str], feed: CalendarFeed, caplog: pytest.LogCaptureFixture
) -> None:
    sound, broken = ReportScheduleFactory(account=feed.account), ReportScheduleFactory(account=feed.account)
    store(broken, **values)

    with caplog.at_level(logging.WARNING):
        assert schedules_in(feed) == {sound}

    assert f"Schedule {broken.pk} is left out of a calendar: InvalidRecurrence." in caplog.text


@pytest.mark.skipif(connection.vendor == "mysql", reason="It stores no time that Python does not know.")
def test_a_row_that_cannot_even_be_read_is_left_out_in_few_queries(
    feed: CalendarFeed, caplog: pytest.LogCaptureFixture
) -> None:
    sound = {ReportScheduleFactory(account=feed.account) for _number in range(15)}
    broken = ReportScheduleFactory(account=feed.account)
    far = {"postgresql": "'200000-01-01 00:00:00+00'", "sqlite": "'2026-13-45 00:00:00'"}[connection.vendor]
    store(broken, starts_at=far)

    with CaptureQueriesContext(connection) as queries:
        assert schedules_in(feed) == sound

    assert f"Schedule {broken.pk} is left out of a calendar" in caplog.text
    assert len(queries) <= 12


def test_a_fault_in_the_middle_of_a_walk_ends_that_schedule_alone(
    feed: CalendarFeed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sound, broken = ReportScheduleFactory(account=feed.account), ReportScheduleFactory(account=feed.account)
    runs_until = events.runs_until

    def failing(*, schedule: ReportSchedule, **arguments: Any) -> Any:
        yield from itertools.islice(runs_until(schedule=schedule, **arguments), 2 if schedule == broken else None)
        if schedule == broken:
            raise OverflowError

    monkeypatch.setattr(events, "runs_until", failing)

    found = [schedule for schedule, _slot in shown(feed)]

    assert (found.count(sound), found.count(broken)) == (13, 2)
    assert "OverflowError" in caplog.text
