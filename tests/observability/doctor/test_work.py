"""Heartbeat, schedules, accounts, what is due and what waits."""

from __future__ import annotations

import datetime as dt

import pytest
from celery.schedules import crontab
from django.contrib.auth.models import Group

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, Role, ScheduleState
from django_report_scheduling.observability.doctor import Status, examine
from django_report_scheduling.observability.doctor.probes.accounts import AccountsProbe
from django_report_scheduling.observability.doctor.probes.backlog import BacklogProbe
from django_report_scheduling.observability.doctor.probes.beat import BeatProbe
from django_report_scheduling.observability.doctor.probes.due import DueProbe
from django_report_scheduling.observability.doctor.probes.schedules import SchedulesProbe
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.heartbeats import TICK, beat
from tests.factories import (
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


def test_no_tick_ever_has_failed_and_says_how_to_start_one(finding, celery):
    seen = finding(BeatProbe())
    assert seen.status == Status.FAIL
    assert "celery -A host beat" in seen.fix
    assert "report_scheduling tick --loop" in seen.fix


@pytest.mark.parametrize(("seconds", "status"), [(1, Status.OK), (89, Status.OK), (100, Status.FAIL)])
def test_three_intervals_without_a_tick_are_silence(finding, celery, seconds: int, status: Status):
    beat(TICK, now=database_now() - dt.timedelta(seconds=seconds))
    seen = finding(BeatProbe())
    assert seen.status == status
    assert "The last tick ran" in seen.message


@pytest.mark.parametrize(("hours", "status"), [(0.9, Status.OK), (3, Status.FAIL)])
def test_a_crontab_has_intervals_too(finding, celery, settings, hours: float, status: Status):
    settings.REPORT_SCHEDULING = {"TICK_SCHEDULE": crontab(minute=str((database_now() - 5 * MINUTE).minute))}
    beat(TICK, now=database_now() - dt.timedelta(hours=hours) + (MINUTE * 50 if hours < 1 else MINUTE))
    assert finding(BeatProbe()).status == status


def test_schedules_of_what_is_installed_are_fine(finding, sample_report):
    ReportScheduleFactory()
    assert finding(SchedulesProbe()).message == "1 schedules; every report type and format exists."


def test_schedules_of_a_type_that_is_not_registered_are_named(finding, sample_report):
    for number in range(7):
        ReportScheduleFactory(name=f"S{number}", report_type="gone")
    ReportScheduleFactory()
    seen = finding(SchedulesProbe())
    assert seen.status == Status.FAIL
    assert "“gone” is not registered, but used by “S0”" in seen.message
    assert seen.message.endswith("and 2 more.")


def test_schedules_with_a_format_that_is_not_configured_are_named(finding, sample_report):
    schedule = ReportScheduleFactory(formats=["json", "docx"])
    seen = finding(SchedulesProbe())
    assert seen.status == Status.FAIL
    assert f"The format docx is not configured, but used by “Weekly summary” ({schedule.pk})" in seen.message


def test_schedules_that_have_ended_do_not_count(finding):
    ReportScheduleFactory(report_type="gone", state=ScheduleState.ENDED, next_run_at=None)
    assert finding(SchedulesProbe()).status == Status.OK


def test_an_account_with_schedules_and_without_a_manager_is_a_warning(finding):
    account = ReportScheduleFactory(account__slug="acme").account
    grant(account=account, holder=UserFactory(), role=Role.CLIENT)
    grant(account=account, holder=UserFactory(is_active=False), role=Role.ACCOUNT_MANAGER)
    seen = finding(AccountsProbe())
    assert seen.status == Status.WARN
    assert "of acme;" in seen.message
    assert seen.fix == "Run: python manage.py report_scheduling grant acme USER --role account_manager"


def test_only_a_few_accounts_are_named(finding):
    for _number in range(6):
        ReportScheduleFactory()
    assert "and 1 more" in finding(AccountsProbe()).message


def test_a_manager_may_be_a_person_or_a_group(finding):
    person, group = UserFactory(), Group.objects.create(name="sales")
    UserFactory().groups.add(group)
    for holder in (person, group):
        grant(account=ReportScheduleFactory().account, holder=holder, role=Role.ACCOUNT_MANAGER)
    AccountFactory()
    assert finding(AccountsProbe()).status == Status.OK


def test_a_schedule_that_is_about_to_be_expanded_is_fine(finding):
    ReportScheduleFactory(next_run_at=database_now() - 4 * MINUTE)
    assert finding(DueProbe()).status == Status.OK


def test_a_schedule_that_no_tick_took_notice_of_has_failed(finding):
    schedule = ReportScheduleFactory(next_run_at=database_now() - 20 * MINUTE)
    seen = finding(DueProbe())
    assert seen.status == Status.FAIL
    assert f"“Weekly summary” ({schedule.pk}) for 20 min" in seen.message
    assert "report_scheduling tick" in seen.fix


def test_reports_under_way_are_fine(finding):
    GeneratedReportFactory(wake_at=database_now())
    assert finding(BacklogProbe()).message == "1 reports under way, none of them late."


def test_a_report_that_no_worker_takes_is_a_warning(finding):
    GeneratedReportFactory(queued=True, wake_at=database_now() + 2 * MINUTE)
    seen = finding(BacklogProbe())
    assert seen.status == Status.WARN
    assert "waiting in the broker for 8 min" in seen.message


def test_whatever_else_is_late_has_failed():
    late = database_now() - 6 * MINUTE
    report = GeneratedReportFactory(wake_at=late)
    GeneratedReportFactory(running=True, wake_at=late, schedule=report.schedule, slot=report.slot - MINUTE)
    DeliveryFactory(wake_at=late, status=DeliveryStatus.SENDING)
    findings = list(examine([BacklogProbe()]))
    assert [finding.status for finding in findings] == [Status.FAIL] * 3
    assert [finding.message.split()[1] for finding in findings] == ["report", "report's", "delivery's"]


def test_what_waits_for_its_account_s_turn_is_not_late(finding, settings):
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": 1, "MAX_DELIVERIES_PER_ACCOUNT": 1}
    late = database_now() - 6 * MINUTE
    report = GeneratedReportFactory(running=True, wake_at=late + 10 * MINUTE)
    GeneratedReportFactory(wake_at=late, schedule=report.schedule, slot=report.slot - MINUTE)
    DeliveryFactory(report=report, wake_at=late + 10 * MINUTE, status=DeliveryStatus.SENDING)
    DeliveryFactory(report=report, wake_at=late, target="other@customer.example")
    assert finding(BacklogProbe()).status == Status.OK


def test_a_delivery_that_was_handed_out_waits_for_a_worker_and_one_that_was_not_for_a_tick():
    handed_out = database_now() - 8 * MINUTE
    DeliveryFactory(queued_at=handed_out, wake_at=handed_out + 10 * MINUTE)
    DeliveryFactory(wake_at=handed_out)
    findings = list(examine([BacklogProbe()]))
    assert [finding.status for finding in findings] == [Status.WARN, Status.FAIL]
