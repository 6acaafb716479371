"""What happens becomes an event for each endpoint that wants it, in the same transaction, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from django_report_scheduling.choices import ErrorCode, Event, ScheduleState, Trigger, WebhookState, WebhookStop
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.report_claims import fail_attempt, finish_report
from django_report_scheduling.services.schedule_states import reactivate_schedule
from django_report_scheduling.services.webhooks.events import tell_of_reports
from tests.factories import (
    NOW,
    AccountFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookEndpointFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(channel="webhook").order_by("pk")
    return [(row.event, row.target) for row in rows]


def payload() -> dict[str, Any]:
    return dict(Delivery.objects.get(channel="webhook").payload)


def finish(report: GeneratedReport) -> None:
    assert finish_report(report, files=[], targets=[("email", "client@customer.example")], now=NOW)


def fail(report: GeneratedReport) -> None:
    fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)


@pytest.mark.parametrize(("end", "event"), [(finish, Event.REPORT_SUCCEEDED), (fail, Event.REPORT_FAILED)])
def test_the_end_of_a_report_is_told(end: Callable[[GeneratedReport], None], event: Event) -> None:
    report = GeneratedReportFactory(running=True)
    endpoint = WebhookEndpointFactory(account=report.account)

    end(report)

    assert told() == [(event, str(endpoint.pk))]
    data = payload()["data"]
    assert (data["report"], data["schedule"]) == (str(report.pk), str(report.schedule_id))
    assert data["status"] == event.value.partition(".")[2]


def test_the_payload_says_what_when_and_about_which_rows_and_nothing_of_people() -> None:
    report = GeneratedReportFactory(running=True)
    WebhookEndpointFactory(account=report.account)

    finish(report)

    assert payload() == {
        "type": "report.succeeded",
        "timestamp": "2026-03-02T07:00:00Z",
        "data": {
            "report": str(report.pk),
            "account": str(report.account_id),
            "schedule": str(report.schedule_id),
            "report_type": "sample",
            "trigger": "schedule",
            "slot": "2026-03-02T07:00:00Z",
            "period_start": "2026-02-22T23:00:00Z",
            "period_end": "2026-03-01T23:00:00Z",
            "status": "succeeded",
            "error_code": "",
        },
    }


@pytest.mark.parametrize(
    "unfit",
    [
        {"state": WebhookState.PENDING},
        {"state": WebhookState.DISABLED, "state_reason": WebhookStop.GONE},
        {"events": ["report.failed"]},
    ],
)
def test_who_is_not_active_or_does_not_want_it_is_not_told(unfit: dict[str, Any]) -> None:
    report = GeneratedReportFactory(running=True)
    WebhookEndpointFactory(account=report.account, **unfit)

    finish(report)

    assert told() == []


def test_no_other_account_is_told() -> None:
    WebhookEndpointFactory()

    finish(GeneratedReportFactory(running=True))

    assert told() == []


def test_a_preview_is_its_requester_s_alone() -> None:
    report = GeneratedReportFactory(running=True, trigger=Trigger.PREVIEW, requested_by=UserFactory())
    WebhookEndpointFactory(account=report.account)

    finish(report)

    assert told() == []


def test_attack_053_what_is_rolled_back_was_never_said() -> None:
    report = GeneratedReportFactory(running=True)
    WebhookEndpointFactory(account=report.account)

    with transaction.atomic():
        finish(report)
        transaction.set_rollback(True)

    assert told() == []


def test_a_report_tells_each_event_once_however_often_it_is_tried() -> None:
    report = GeneratedReportFactory(running=True)
    WebhookEndpointFactory(account=report.account)

    for _attempt in range(2):
        tell_of_reports(Event.REPORT_FAILED, [report], now=NOW)

    assert len(told()) == 1


def test_a_schedule_that_errors_stop_is_told_of_with_the_report() -> None:
    schedule = ReportScheduleFactory(consecutive_failures=2)
    report = GeneratedReportFactory(schedule=schedule, running=True)
    WebhookEndpointFactory(account=schedule.account, events=["schedule.errored"])

    fail(report)

    delivery = Delivery.objects.get(channel="webhook")
    assert (delivery.event, delivery.report_id) == (Event.SCHEDULE_ERRORED, report.pk)
    assert delivery.payload["data"]["state"] == "errored"
    assert delivery.payload["data"]["next_run_at"] is None


def test_a_schedule_whose_rule_is_broken_is_told_of() -> None:
    schedule = ReportScheduleFactory()
    ReportSchedule.objects.update(timezone="Nowhere/Land")
    WebhookEndpointFactory(account=schedule.account, events=["schedule.errored"])

    expand_due_schedules(now=NOW, limit=10)

    assert [event for event, _target in told()] == [Event.SCHEDULE_ERRORED]


def test_a_schedule_that_goes_on_after_errors_is_told_of_without_a_report() -> None:
    schedule = ReportScheduleFactory(state=ScheduleState.ERRORED, ownerless=True)
    WebhookEndpointFactory(account=schedule.account)

    reactivate_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

    delivery = Delivery.objects.get(channel="webhook")
    assert (delivery.event, delivery.report_id, delivery.schedule_id) == (
        Event.SCHEDULE_REACTIVATED,
        None,
        schedule.pk,
    )
    assert (delivery.account, delivery.about_schedule_id) == (schedule.account, schedule.pk)


def skipping_schedule(**fields: Any) -> ReportSchedule:
    """One that is due and is stopped, because its report type is not installed."""
    return ReportScheduleFactory(report_type="gone", **fields)


def test_a_skipped_report_is_told_of() -> None:
    schedule = skipping_schedule()
    WebhookEndpointFactory(account=schedule.account)

    expand_due_schedules(now=NOW, limit=10)

    report = GeneratedReport.objects.get()
    skipped = Delivery.objects.get(event=Event.REPORT_SKIPPED)
    assert (skipped.report_id, skipped.payload["data"]["status"]) == (report.pk, "skipped")


def test_a_batch_of_skipped_reports_takes_as_many_queries_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    account = AccountFactory()
    WebhookEndpointFactory(account=account, events=["report.skipped"])

    def queries_for(number: int) -> int:
        for _number in range(number):
            skipping_schedule(account=account, ownerless=True)
        with django_assert_max_num_queries(10_000) as captured:
            expand_due_schedules(now=NOW, limit=100)
        return sum("webhookendpoint" in query["sql"] for query in captured.captured_queries)

    assert queries_for(1) == queries_for(7)
    assert Delivery.objects.filter(event=Event.REPORT_SKIPPED).count() == 8


def test_a_batch_without_skipped_reports_does_not_even_ask_for_endpoints(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    WebhookEndpointFactory(account=ReportScheduleFactory(ownerless=True).account)

    with django_assert_max_num_queries(10_000) as captured:
        assert expand_due_schedules(now=NOW, limit=100) == 1

    assert not [query for query in captured.captured_queries if "webhookendpoint" in query["sql"]]
