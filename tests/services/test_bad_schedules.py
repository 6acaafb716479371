"""Whatever a row holds, its schedule is the only one that stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_report_scheduling.choices import ErrorCode, ReportStatus, ScheduleState
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from django_report_scheduling.services import due_slots, expansion
from django_report_scheduling.services.expansion import expand_due_schedules
from tests.factories import NOW, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

SOON = NOW + dt.timedelta(minutes=1)
ON_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only PostgreSQL stores this.")


def store(schedule: ReportSchedule, values: dict[str, str]) -> None:
    """Change a row by hand: SQL by column."""
    changes = ", ".join(f"{column} = {sql}" for column, sql in values.items())
    table, key = connection.ops.quote_name(ReportSchedule._meta.db_table), schedule.pk
    with connection.cursor() as cursor:
        value = key if connection.features.has_native_uuid_field else key.hex
        cursor.execute(f"UPDATE {table} SET {changes} WHERE id = %s", [value])  # noqa: S608


def assert_only_the_first_stopped(broken: ReportSchedule, sound: list[ReportSchedule]) -> ReportSchedule:
    stored = ReportSchedule.objects.defer("starts_at", "ends_at", "time_of_day", "misfire_grace", "parameters")
    after = stored.get(pk=broken.pk)
    assert after.state == ScheduleState.ERRORED
    assert after.state_reason.startswith("invalid_schedule: ")
    assert GeneratedReport.objects.get(schedule=broken).status == ReportStatus.SKIPPED
    assert AuditEvent.objects.filter(schedule_id=broken.pk, verb="schedule.errored").count() == 1
    pending = GeneratedReport.objects.filter(status=ReportStatus.PENDING)
    assert set(pending.values_list("schedule", flat=True)) == {schedule.pk for schedule in sound}
    return after


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"timezone": "'Mars/Olympus'"}, "timezone: “MARS/OLYMPUS” is not a time zone"),
        ({"timezone": "''"}, "timezone"),
        ({"frequency": "'custom'", "day_of_week": "NULL", "recurrence": "'FREQ=NEVER'"}, "recurrence"),
        (
            {"frequency": "'custom'", "day_of_week": "NULL", "recurrence": "'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'"},
            "never",
        ),
        ({"time_of_day": "'08:00:00.5'"}, "time_of_day"),
        ({"starts_at": "'9999-12-31 23:00:00'"}, "starts_at"),
        ({"starts_at": "'0001-01-01 00:00:00'"}, "starts_at"),
        ({"ends_at": "'9999-12-31 23:00:00'"}, "ends_at"),
        ({"parameters": "'[1]'"}, "parameters: Parameters are a JSON object"),
        ({"formats": "'\"pdf\"'"}, "formats"),
        ({"formats": "'[]'"}, "formats"),
        ({"recipients": "'{\"a\": 1}'"}, "recipients"),
        ({"recipients": "'[null]'"}, "recipients"),
    ],
)
def test_a_broken_row_stops_with_the_reason_and_no_other(values: dict[str, str], reason: str) -> None:
    sound, broken, more = ReportScheduleFactory(), ReportScheduleFactory(), ReportScheduleFactory()
    store(broken, values)

    assert expand_due_schedules(now=SOON, limit=10) == 3

    after = assert_only_the_first_stopped(broken, [sound, more])
    assert reason.lower() in after.state_reason.lower()


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "values",
    [
        {"starts_at": "'-infinity'"},
        {"starts_at": "'200000-01-01'"},
        {"starts_at": "'0044-03-15 BC'"},
        {"ends_at": "'infinity'"},
        {"next_run_at": "'-infinity'"},
        {"next_run_at": "'0044-03-15 BC'"},
        {"time_of_day": "'24:00'"},
        {"misfire_grace": "'100000000 years'"},
    ],
)
def test_a_row_that_cannot_even_be_read_stops_alone(values: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    sound, broken, more = ReportScheduleFactory(), ReportScheduleFactory(), ReportScheduleFactory()
    store(broken, values)

    assert expand_due_schedules(now=SOON, limit=10) == 3

    assert_only_the_first_stopped(broken, [sound, more])
    assert f"Schedule {broken.pk} could not be read or stored" in caplog.text
    assert expand_due_schedules(now=SOON, limit=10) == 0


@ON_POSTGRESQL
def test_what_cannot_be_read_is_not_copied_into_a_report(caplog: pytest.LogCaptureFixture) -> None:
    sound, broken = ReportScheduleFactory(), ReportScheduleFactory()
    store(broken, {"parameters": "('{\"rows\": ' || repeat('9', 5000) || '}')::jsonb"})

    assert expand_due_schedules(now=SOON, limit=10) == 2

    assert ReportSchedule.objects.values_list("state", flat=True).get(pk=broken.pk) == ScheduleState.ERRORED
    assert GeneratedReport.objects.get().schedule_id == sound.pk
    assert "could not be stopped in the usual way" in caplog.text


def test_a_slot_of_the_year_one_is_caught_up_with_like_any_other() -> None:
    schedule = ReportScheduleFactory()
    store(schedule, {"next_run_at": "'0001-01-01 00:00:00'"})

    expand_due_schedules(now=SOON, limit=10)

    schedule.refresh_from_db()
    assert (schedule.state, schedule.next_run_at) == (ScheduleState.ACTIVE, NOW + dt.timedelta(days=7))


def test_a_slot_off_the_grid_is_followed_by_one_on_it() -> None:
    schedule = ReportScheduleFactory(next_run_at=NOW - dt.timedelta(hours=17, seconds=5))

    expand_due_schedules(now=SOON, limit=10)

    schedule.refresh_from_db()
    assert schedule.next_run_at == NOW + dt.timedelta(days=7)
    assert GeneratedReport.objects.get().slot == NOW


def test_an_error_that_nobody_thought_of_stops_one_schedule_and_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sound, broken = ReportScheduleFactory(), ReportScheduleFactory(name="broken")
    plan = due_slots.plan_catch_up

    def fail(recurrence: Any, **arguments: Any) -> Any:
        if recurrence.time_of_day == dt.time(9):
            msg = "secret"
            raise ZeroDivisionError(msg)
        return plan(recurrence, **arguments)

    ReportSchedule.objects.filter(pk=broken.pk).update(time_of_day=dt.time(9))
    monkeypatch.setattr(due_slots, "plan_catch_up", fail)

    expand_due_schedules(now=SOON, limit=10)

    after = assert_only_the_first_stopped(broken, [sound])
    assert "ZeroDivisionError" in after.state_reason
    assert "secret" not in after.state_reason
    assert "ZeroDivisionError: secret" in caplog.text
    assert GeneratedReport.objects.get(schedule=broken).error_code == ErrorCode.INVALID_SCHEDULE


def refusing(key: Any, real: Callable[..., None]) -> Callable[..., None]:
    """A way of storing reports that the database refuses for one schedule."""

    def store_reports(expansions: Any, **arguments: Any) -> None:
        if any(expansion.schedule.pk == key for expansion in expansions):
            raise DataError
        real(expansions, **arguments)

    return store_reports


def test_a_report_that_the_database_refuses_stops_its_schedule_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    sound, broken = ReportScheduleFactory(), ReportScheduleFactory()
    monkeypatch.setattr(expansion, "store_reports", refusing(broken.pk, expansion.store_reports))

    assert expand_due_schedules(now=SOON, limit=10) == 2

    broken.refresh_from_db()
    assert (broken.state, broken.next_run_at) == (ScheduleState.ERRORED, NOW)
    assert AuditEvent.objects.get(verb="schedule.errored").schedule_id == broken.pk
    assert GeneratedReport.objects.get().schedule == sound


def test_a_schedule_that_cannot_even_be_stopped_does_not_keep_the_tick_going(
    monkeypatch: pytest.MonkeyPatch, clock: Callable[[], dt.datetime]
) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise DataError

    ReportScheduleFactory()
    monkeypatch.setattr(expansion, "store_reports", refuse)
    monkeypatch.setattr("django_report_scheduling.services.unfit_schedules.record", refuse)

    assert expansion.expand_all_due(clock=clock, batch_size=1) == 0
    assert ReportSchedule.objects.get().state == ScheduleState.ACTIVE


TEXTS = st.sampled_from(
    ["", "x", "UTC", "Europe/Berlin", "FREQ=DAILY", "FREQ=HOURLY;COUNT=3", "☃", "../etc/passwd", "a" * 64]
)
MOMENTS = st.datetimes(timezones=st.just(dt.UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="ascii", categories=["L", "N"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=5,
)
GARBAGE = st.fixed_dictionaries(
    {},
    optional={
        "timezone": TEXTS,
        "report_type": st.sampled_from(["sample", "gone", ""]),
        "day_of_week": st.integers(0, 6),
        "time_of_day": st.times(),
        "starts_at": MOMENTS,
        "misfire_grace": st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=100_000)),
        "misfire_policy": st.sampled_from(["latest", "all", "skip"]),
        "parameters": JSON.filter(lambda value: value is not None),
        "formats": JSON.filter(lambda value: value is not None),
        "recipients": JSON.filter(lambda value: value is not None),
        "next_run_at": MOMENTS.filter(lambda moment: moment < SOON),
    },
)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=st.lists(GARBAGE, min_size=1, max_size=4), custom=st.none() | TEXTS.filter(bool))
def test_no_garbage_stops_the_others(rows: list[dict[str, Any]], custom: str | None) -> None:
    ReportSchedule.objects.all().delete()
    GeneratedReport.objects.all().delete()
    sound = [ReportScheduleFactory() for _row in range(len(rows) + 1)]
    for values, schedule in zip(rows, [ReportScheduleFactory() for _row in rows], strict=True):
        if custom is not None:
            values |= {"frequency": "custom", "recurrence": custom, "day_of_week": None}
        ReportSchedule.objects.filter(pk=schedule.pk).update(**values)

    assert expand_due_schedules(now=SOON, limit=100) == len(sound) + len(rows)

    made = GeneratedReport.objects.filter(schedule__in=sound, status=ReportStatus.PENDING)
    assert made.count() == len(sound)
    assert not ReportSchedule.objects.due(now=SOON).exists()
