"""Why did this run, or not?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.services.event_texts import event_text
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.services.queueing import queue_report
from django_report_scheduling.services.report_claims import claim_report, fail_attempt
from django_report_scheduling.services.report_requests import redeliver, run_now
from django_report_scheduling.services.schedule_states import pause_schedule
from django_report_scheduling.services.schedules import update_schedule
from django_report_scheduling.services.timeline import timeline_of
from tests.factories import NOW, DeliveryFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "report_storage")]


@pytest.fixture
def schedule() -> ReportSchedule:
    """A schedule to which a lot has happened, most of it because of somebody at root@people.example."""
    root = UserFactory(username="root", is_superuser=True)
    schedule = ReportScheduleFactory()
    report = run_now(schedule=schedule, actor=root, now=NOW)
    queue_report(report_id=report.pk, now=NOW)
    claimed = claim_report(report_id=report.pk, attempt=0, now=NOW)
    assert claimed is not None
    fail_attempt(claimed, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)
    report.refresh_from_db()
    queue_report(report_id=report.pk, now=report.wake_at)
    generate_report(report_id=report.pk, attempt=1, clock=lambda: NOW)
    DeliveryFactory(report=report, target="new@customer.example", status="failed", wake_at=None)
    redeliver(report_id=report.pk, actor=root, now=NOW)
    changes: Any = {"recipients": ["other@customer.example"]}
    update_schedule(schedule_id=schedule.pk, actor=root, now=NOW, **changes)
    pause_schedule(schedule_id=schedule.pk, actor=root, now=NOW, reason="holidays")
    return schedule


def test_it_tells_the_whole_story_newest_first(schedule: ReportSchedule) -> None:
    assert [event.verb for event in timeline_of(schedule)] == [
        "schedule.paused",
        "schedule.updated",
        "delivery.reopened",
        "report.redelivered",
        "report.succeeded",
        "report.running",
        "report.queued",
        "report.retry_planned",
        "report.running",
        "report.queued",
        "report.requested.manual",
    ]


def test_it_tells_nothing_of_other_schedules(schedule: ReportSchedule) -> None:
    assert not timeline_of(ReportScheduleFactory()).exists()


def test_it_shows_no_address(schedule: ReportSchedule) -> None:
    shown = [(event_text(event), json.dumps(event.data), event.object_id) for event in timeline_of(schedule)]

    assert "@" not in str(shown)


def test_it_is_read_with_its_actors_in_one_query(schedule: ReportSchedule, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        actors = [event.actor.username if event.actor else None for event in timeline_of(schedule)]

    assert actors.count("root") == AuditEvent.objects.exclude(actor=None).count() == 5
