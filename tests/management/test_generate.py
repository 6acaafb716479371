"""``generate`` makes, stores and delivers one report in this process."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.management.base import CommandError

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus, Trigger
from django_report_scheduling.exceptions import DeliveryError
from django_report_scheduling.management import report_run
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.reports import registry
from django_report_scheduling.services.clock import database_now
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory
from tests.recording_channel import RaisingChannel
from tests.sample_report import SampleReport

SLOT = "2026-03-02T08:00"


class BrokenReport(SampleReport):
    key = "broken"

    def query(self, request):
        raise RuntimeError("row 17 holds a secret")


def report_in(status: ReportStatus, schedule: Any, **fields: Any) -> GeneratedReport:
    live = status in {ReportStatus.PENDING, ReportStatus.QUEUED, ReportStatus.RUNNING}
    defaults = {"wake_at": database_now() if live else None, "trigger": Trigger.SCHEDULE, **fields}
    return GeneratedReportFactory(schedule=schedule, status=status, **defaults)


def test_it_is_made_stored_and_delivered(run, schedule, report_storage):
    lines = run("generate", schedule.pk, "--slot", SLOT).lines
    report = GeneratedReport.objects.get()
    assert (report.status, report.trigger, report.slot) == (ReportStatus.SUCCEEDED, Trigger.BACKFILL, NOW)
    assert report_storage.exists(report.files.get().key)
    assert mail.outbox[0].to == ["client@customer.example"]
    assert lines[0] == f"The report {report.pk} was made in {report.generation_time_ms} ms."
    assert lines[1].startswith(f"  file      {schedule.account.slug}-sample-2026-02-23.json")
    assert lines[2:] == ["  email     client@customer.example  sent", "Deliveries: 1 sent."]


def test_without_a_slot_it_is_the_newest(run, schedule):
    run("generate", schedule.pk)
    slot = GeneratedReport.objects.get().slot
    assert dt.timedelta(0) <= database_now() - slot < dt.timedelta(days=7, hours=1)


def test_a_schedule_without_recipients_says_so(run, schedule):
    schedule.recipients = []
    schedule.save()
    assert run("generate", schedule.pk).lines[-1] == "Deliveries: none, the schedule has no recipients."


def test_the_schedule_may_be_named_by_its_name(run, schedule):
    run("generate", schedule.name)
    assert GeneratedReport.objects.get().schedule == schedule


def test_a_name_that_several_have_lists_their_ids(run, schedule):
    twin = ReportScheduleFactory(name=schedule.name)
    with pytest.raises(CommandError, match="Several schedules") as failed:
        run("generate", schedule.name)
    assert str(schedule.pk) in str(failed.value)
    assert str(twin.pk) in str(failed.value)


@pytest.mark.parametrize("name", ["Monthly", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_schedule_lists_the_known_names(run, schedule, name: str):
    with pytest.raises(CommandError, match=f"id or name '{name}'. Known are: Weekly summary."):
        run("generate", name)


@pytest.mark.parametrize("slot", [SLOT, "2026-03-02T07:00Z", "2026-03-02T02:00:00-05:00", "20260302T080000"])
def test_a_slot_is_read_in_the_zone_of_the_schedule_or_with_its_offset(run, schedule, slot: str):
    run("generate", schedule.pk, "--slot", slot)
    assert GeneratedReport.objects.get().slot == NOW


def test_a_slot_from_before_the_schedule_started_can_be_filled_in(run, schedule):
    run("generate", schedule.pk, "--slot", "2020-01-06T08:00")
    assert GeneratedReport.objects.get().slot == dt.datetime(2020, 1, 6, 7, tzinfo=dt.UTC)


def test_what_is_no_slot_names_the_neighbours(run, schedule):
    with pytest.raises(CommandError, match="no slot") as failed:
        run("generate", schedule.pk, "--slot", "2026-03-04T08:00")
    assert "one before is 2026-03-02T08:00+01:00 and the one after is 2026-03-09T08:00+01:00" in str(failed.value)


def test_a_rule_that_starts_later_names_the_one_after_only(run, schedule):
    schedule.frequency, schedule.day_of_week, schedule.recurrence = "custom", None, "FREQ=DAILY;COUNT=3"
    schedule.starts_at = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    schedule.save()
    with pytest.raises(CommandError, match=r"no slot of .*\. The one after is 2026-03-02T08:00"):
        run("generate", schedule.pk, "--slot", "2026-02-01T08:00")
    with pytest.raises(CommandError, match=r"no slot of .*\. The one before is 2026-03-04T08:00\+01:00\.$"):
        run("generate", schedule.pk, "--slot", "2026-03-05T08:00")


def test_a_slot_of_the_future_names_the_newest(run, schedule):
    ahead = database_now() + dt.timedelta(days=21)
    monday = (ahead - dt.timedelta(days=ahead.weekday())).date()
    with pytest.raises(CommandError, match=r"lies in the future. The newest one is"):
        run("generate", schedule.pk, "--slot", f"{monday}T08:00")


@pytest.mark.parametrize("slot", ["yesterday", "2026-13-01T08:00", "0001-01-01T00:00+14:00"])
def test_what_is_no_date_and_time_is_refused_with_an_example(run, schedule, slot: str):
    with pytest.raises(CommandError, match="must be a date and time like 2026-03-02T08:00"):
        run("generate", schedule.pk, "--slot", slot)


def test_a_report_that_exists_is_not_made_again(run, schedule):
    first = run("generate", schedule.pk, "--slot", SLOT)
    again = run("generate", schedule.pk, "--slot", SLOT)
    assert GeneratedReport.objects.count() == 1
    assert len(mail.outbox) == 1
    assert "exists already and is not made again" in again.lines[0]
    assert again.lines[1:] == first.lines[1:]


def test_a_report_that_the_tick_made_counts_as_well(run, schedule):
    report = report_in(ReportStatus.SUCCEEDED, schedule, attempt=1)
    assert f"The report {report.pk} of this slot exists already" in run("generate", schedule.pk, "--slot", SLOT).out


@pytest.mark.parametrize("status", [ReportStatus.FAILED, ReportStatus.MISSED, ReportStatus.CANCELLED])
def test_a_report_that_did_not_come_to_its_end_is_opened_again(run, schedule, status: ReportStatus):
    report = report_in(status, schedule)
    run("generate", schedule.pk, "--slot", SLOT)
    assert GeneratedReport.objects.get() == report
    report.refresh_from_db()
    assert report.status == ReportStatus.SUCCEEDED


def test_a_report_whose_message_waits_in_the_broker_is_made_here(run, schedule):
    report = report_in(ReportStatus.QUEUED, schedule)
    run("generate", schedule.pk, "--slot", SLOT)
    report.refresh_from_db()
    assert (report.status, report.attempt) == (ReportStatus.SUCCEEDED, 1)


def test_a_report_that_a_worker_is_making_is_left_to_it(run, schedule):
    report_in(ReportStatus.RUNNING, schedule, attempt=1, started_at=database_now())
    with pytest.raises(CommandError, match="A worker is making the report"):
        run("generate", schedule.pk, "--slot", SLOT)


def test_a_worker_that_is_faster_keeps_the_report(run, schedule, monkeypatch):
    monkeypatch.setattr(report_run.generation, "generate_report", lambda **_kwargs: None)
    with pytest.raises(CommandError, match="A worker was faster"):
        run("generate", schedule.pk, "--slot", SLOT)


def test_a_report_that_waits_for_its_next_attempt_says_when(run, schedule):
    later = database_now() + dt.timedelta(minutes=5)
    report_in(ReportStatus.PENDING, schedule, wake_at=later, error_code=ErrorCode.QUERY_FAILED, error_message="Why.")
    with pytest.raises(CommandError, match=r"failed before and is tried again at .*query_failed: Why."):
        run("generate", schedule.pk, "--slot", SLOT)


def test_a_report_that_fails_says_why_and_when_it_is_tried_again(run, schedule):
    schedule.report_type = "broken"
    schedule.save()
    with registry.temporarily(BrokenReport), pytest.raises(CommandError) as failed:
        run("generate", schedule.pk, "--slot", SLOT)
    assert "failed. query_failed: The query of “broken” failed" in str(failed.value)
    assert "The next attempt is at" in str(failed.value)
    assert "secret" not in str(failed.value)


def test_a_report_that_failed_for_good_names_no_next_attempt(run, schedule):
    schedule.report_type = "gone"
    schedule.save()
    with pytest.raises(CommandError, match="unknown_report_type") as failed:
        run("generate", schedule.pk, "--slot", SLOT)
    assert "next attempt" not in str(failed.value)


def test_a_recipient_who_is_not_allowed_is_shown_with_the_reason(run, schedule):
    schedule.recipients = ["stranger@elsewhere.example"]
    schedule.save()
    lines = run("generate", schedule.pk).lines
    assert lines[2].startswith("  email     stranger@elsewhere.example  suppressed  recipient_refused: ")
    assert lines[3] == "Deliveries: 1 suppressed."


def test_a_delivery_that_fails_is_an_error(run, schedule, settings, monkeypatch):
    settings.REPORT_SCHEDULING = {"CHANNELS": {"email": {"BACKEND": "tests.recording_channel.RaisingChannel"}}}
    monkeypatch.setattr(RaisingChannel, "error", DeliveryError("The server said no.", permanent=True))
    with pytest.raises(CommandError, match="1 of 1 deliveries did not get through"):
        run("generate", schedule.pk)
    assert GeneratedReport.objects.get().deliveries.get().status == DeliveryStatus.FAILED


def test_progress_is_shown_on_a_terminal(run, schedule):
    shown = run("generate", schedule.pk, terminal=True).err
    assert "making the report …" in shown
    assert "delivering …" in shown
