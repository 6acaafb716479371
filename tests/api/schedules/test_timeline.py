"""Why did this run, or not: GET report-schedules/{id}/timeline/."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.services.audit import record
from tests.api.callers import calling, client_of
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def schedule(account: Any) -> ReportSchedule:
    return ReportScheduleFactory(account=account)


def timeline(api: APIClient, schedule: ReportSchedule, query: str = "") -> Any:
    return api.get(f"/api/v1/report-schedules/{schedule.pk}/timeline/{query}")


def test_each_event_is_told_with_its_sentence_and_its_actor(
    api: APIClient, manager: Any, schedule: ReportSchedule
) -> None:
    report = GeneratedReportFactory(schedule=schedule)
    record("report.cancelled", report, at=NOW, actor=manager, data={"reason": "cancelled_by_hand"})

    (event,) = timeline(api, schedule).json()["results"]

    assert event == {
        "id": str(AuditEvent.objects.get().pk),
        "at": "2026-03-02T07:00:00Z",
        "verb": "report.cancelled",
        "text": "The report was cancelled. Somebody cancelled it.",
        "actor": manager.username,
        "object_type": "generatedreport",
        "object_id": str(report.pk),
        "data": {"reason": "cancelled_by_hand"},
    }


def test_what_is_in_the_record_for_administrators_alone_is_not_shown(api: APIClient, schedule: ReportSchedule) -> None:
    record("report.downloaded", schedule, at=NOW, data={"format": "pdf", "client_ip": "192.0.2.7", "from": "3"})

    (event,) = timeline(api, schedule).json()["results"]

    assert event["data"] == {"format": "pdf"}


def test_the_system_has_no_name(api: APIClient, schedule: ReportSchedule) -> None:
    record("schedule.ended", schedule, at=NOW)

    assert timeline(api, schedule).json()["results"][0]["actor"] is None


def test_it_is_read_page_by_page_newest_first(api: APIClient, schedule: ReportSchedule) -> None:
    for number in range(5):
        record("report.running", GeneratedReportFactory(schedule=schedule, slot=NOW.replace(day=9 - number)), at=NOW)
    record("schedule.created", ReportScheduleFactory(account=schedule.account), at=NOW)
    expected = [str(event.pk) for event in AuditEvent.objects.filter(schedule_id=schedule.pk).order_by("-pk")]

    found, page = [], timeline(api, schedule, "?page_size=2").json()
    while True:
        found += [event["id"] for event in page["results"]]
        if page["next"] is None:
            break
        page = api.get(page["next"]).json()

    assert found == expected


def test_the_number_of_queries_does_not_grow(api: APIClient, manager: Any, schedule: ReportSchedule) -> None:
    numbers = []
    for _ in range(2):
        for _event in range(3):
            record("schedule.updated", schedule, at=NOW, actor=manager)
        with CaptureQueriesContext(connection) as queries:
            timeline(api, schedule)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_client_is_not_told(account: Any, schedule: ReportSchedule) -> None:
    answer = timeline(calling(client_of(account)), schedule)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_an_unknown_parameter_is_refused(api: APIClient, schedule: ReportSchedule) -> None:
    assert list(timeline(api, schedule, "?verb=x").json()["errors"]) == ["verb"]
