"""Who got a report, and who did not: GET reports/{id}/deliveries/."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, Event
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from tests.api.callers import calling, client_of
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def report(schedule: ReportSchedule) -> GeneratedReport:
    return GeneratedReportFactory(schedule=schedule, succeeded=True)


def deliveries(api: APIClient, report: GeneratedReport, query: str = "") -> Any:
    return api.get(f"/api/v1/reports/{report.pk}/deliveries/{query}")


def targets(api: APIClient, report: GeneratedReport) -> list[str]:
    return [row["target"] for row in deliveries(api, report).json()["results"]]


def test_every_field_of_the_contract_is_there(api: APIClient, report: GeneratedReport) -> None:
    failure = {"error_code": ErrorCode.CHANNEL_REJECTED, "error_message": "Refused."}
    delivery = DeliveryFactory(report=report, status=DeliveryStatus.FAILED, wake_at=None, attempt=4, **failure)

    (shown,) = deliveries(api, report).json()["results"]

    assert shown.pop("created_at").endswith("Z")
    assert shown == {
        "id": str(delivery.pk),
        "event": "report.succeeded",
        "channel": "email",
        "target": "client@customer.example",
        "status": "failed",
        "attempt": 4,
        "error_code": "channel_rejected",
        "error_message": "Refused.",
        "sent_at": None,
    }


def test_a_manager_sees_all_of_the_report_and_none_of_others(api: APIClient, report: GeneratedReport) -> None:
    DeliveryFactory(report=report)
    DeliveryFactory(report=report, event=Event.SCHEDULE_ERRORED, target="owner@people.example")
    DeliveryFactory(report=GeneratedReportFactory(schedule__account=report.account), target="x@customer.example")

    assert targets(api, report) == ["owner@people.example", "client@customer.example"]
    assert targets(calling(UserFactory(is_superuser=True)), report) == targets(api, report)


@pytest.mark.parametrize("email", ["reader@customer.example", "Reader@Customer.Example"])
def test_a_client_sees_what_was_meant_for_them_alone(account: Any, report: GeneratedReport, email: str) -> None:
    DeliveryFactory(report=report)
    DeliveryFactory(report=report, target="reader@customer.example")
    DeliveryFactory(report=report, target="a.reader@customer.example")

    answer = deliveries(calling(client_of(account, email=email)), report)

    assert [row["target"] for row in answer.json()["results"]] == ["reader@customer.example"]
    assert b"client@" not in answer.content


@pytest.mark.parametrize("email", ["", "%", "_"])
def test_an_address_that_is_none_matches_nothing(account: Any, report: GeneratedReport, email: str) -> None:
    DeliveryFactory(report=report, target="")
    DeliveryFactory(report=report, target="x")

    assert targets(calling(client_of(account, email=email)), report) == []


def test_they_are_read_page_by_page(api: APIClient, report: GeneratedReport) -> None:
    for number in range(5):
        DeliveryFactory(report=report, target=f"{number}@customer.example")

    first = deliveries(api, report, "?page_size=3").json()
    second = api.get(first["next"]).json()

    assert [row["target"][0] for row in first["results"] + second["results"]] == list("43210")
    assert second["next"] is None


def test_a_filter_is_refused_because_there_is_none(api: APIClient, report: GeneratedReport) -> None:
    assert list(deliveries(api, report, "?status=sent").json()["errors"]) == ["status"]


def test_the_number_of_queries_does_not_grow(api: APIClient, report: GeneratedReport) -> None:
    numbers = []
    for number in range(2):
        for letter in "abc":
            DeliveryFactory(
                report=report, target=f"{letter}{number}@customer.example", status="sent", wake_at=None, sent_at=NOW
            )
        with CaptureQueriesContext(connection) as queries:
            deliveries(api, report)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
    assert Delivery.objects.count() == 6
