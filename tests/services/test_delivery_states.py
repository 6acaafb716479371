"""Whether a report reached everyone follows from its deliveries."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.choices import DeliveryState, DeliveryStatus, Event
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.delivery_states import delivery_states
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, WebhookDeliveryFactory

pytestmark = pytest.mark.django_db

DELIVERED, PARTIAL, UNDELIVERED, NONE = DeliveryState


def delivery(report: GeneratedReport, status: str, *, number: int = 0, event: str = Event.REPORT_SUCCEEDED) -> Delivery:
    return DeliveryFactory(
        report=report,
        event=event,
        target=f"{number}@customer.example",
        status=status,
        wake_at=NOW if status in {"pending", "sending"} else None,
        sent_at=NOW if status == "sent" else None,
    )


def state(report: GeneratedReport) -> DeliveryState:
    return delivery_states([report.pk])[report.pk]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], NONE),
        (["sent"], DELIVERED),
        (["sent", "sent"], DELIVERED),
        *((["sent", other], PARTIAL) for other in DeliveryStatus.values if other != "sent"),
        *(([other], UNDELIVERED) for other in DeliveryStatus.values if other != "sent"),
        (["failed", "pending"], UNDELIVERED),
    ],
)
def test_it_is_delivered_when_all_have_it_and_partial_when_some_have(
    statuses: list[str], expected: DeliveryState
) -> None:
    report = GeneratedReportFactory(succeeded=True)
    for number, status in enumerate(statuses):
        delivery(report, status, number=number)

    assert state(report) == expected


def test_notices_that_the_schedule_stopped_are_no_deliveries_of_the_report() -> None:
    report = GeneratedReportFactory(succeeded=True)
    delivery(report, "sent", event=Event.SCHEDULE_ERRORED)

    assert state(report) == NONE


@pytest.mark.parametrize(("to_people", "expected"), [([], NONE), (["sent"], DELIVERED), (["failed"], UNDELIVERED)])
@pytest.mark.parametrize("told", ["sent", "failed", "pending"])
def test_webhooks_that_are_told_of_a_report_say_nothing_about_people(
    told: str, to_people: list[str], expected: DeliveryState
) -> None:
    report = GeneratedReportFactory(succeeded=True)
    for status in to_people:
        delivery(report, status)
    WebhookDeliveryFactory(
        report=report,
        status=told,
        wake_at=NOW if told == "pending" else None,
        sent_at=NOW if told == "sent" else None,
    )

    assert state(report) == expected


def test_reports_do_not_look_at_each_other_s_deliveries() -> None:
    one, other = GeneratedReportFactory(succeeded=True), GeneratedReportFactory(succeeded=True)
    delivery(one, "sent")
    delivery(other, "failed")

    assert delivery_states([one.pk, other.pk]) == {one.pk: DELIVERED, other.pk: UNDELIVERED}


def test_many_are_asked_for_at_once(django_assert_num_queries: Any) -> None:
    reports = GeneratedReportFactory.create_batch(5, succeeded=True)
    for report in reports:
        delivery(report, "sent")

    with django_assert_num_queries(1):
        states = delivery_states([report.pk for report in reports])
    assert set(states.values()) == {DELIVERED}
