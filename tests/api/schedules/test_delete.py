"""Deleting schedules: DELETE report-schedules/{id}/."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from tests.api.callers import calling, client_of
from tests.factories import GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def delete(api: APIClient, schedule: ReportSchedule) -> Any:
    return api.delete(f"/api/v1/report-schedules/{schedule.pk}/")


def test_it_is_gone_and_so_is_what_had_not_run(api: APIClient, account: Any, manager: Any) -> None:
    schedule = ReportScheduleFactory(account=account)
    GeneratedReportFactory(schedule=schedule)

    response = delete(api, schedule)

    assert (response.status_code, response.content) == (204, b"")
    assert not ReportSchedule.objects.exists()
    assert GeneratedReport.objects.get().status == ReportStatus.CANCELLED
    assert AuditEvent.objects.get(verb="schedule.deleted").actor == manager


def test_a_second_time_there_is_no_such_schedule(api: APIClient, account: Any) -> None:
    schedule = ReportScheduleFactory(account=account)
    delete(api, schedule)

    assert delete(api, schedule).status_code == 404


def test_a_client_may_not(account: Any) -> None:
    schedule = ReportScheduleFactory(account=account)

    response = delete(calling(client_of(account)), schedule)

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
    assert ReportSchedule.objects.exists()


def test_for_a_stranger_there_is_no_such_schedule(api: APIClient) -> None:
    foreign = ReportScheduleFactory()

    assert delete(api, foreign).status_code == 404
    assert ReportSchedule.objects.filter(pk=foreign.pk).exists()


def test_a_query_parameter_is_refused_and_nothing_deleted(api: APIClient, account: Any) -> None:
    schedule = ReportScheduleFactory(account=account)

    assert api.delete(f"/api/v1/report-schedules/{schedule.pk}/?cascade=1").status_code == 400
    assert ReportSchedule.objects.exists()
