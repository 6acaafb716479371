"""Behind a router, what was just written is read from where it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.db import connection, connections, transaction
from pytest_django import Settings

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus, Role
from django_report_scheduling.exceptions import LimitReached, NotPermitted
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile, ReportSchedule
from django_report_scheduling.services import generation
from django_report_scheduling.services.arrivals import REPORTS, note_arrival
from django_report_scheduling.services.authority import require_administrator, require_manager
from django_report_scheduling.services.delivery_claims import claim_delivery, close_delivery, retry_delivery_later
from django_report_scheduling.services.delivery_queueing import queue_deliveries_of, queue_due_deliveries
from django_report_scheduling.services.delivery_reading import delivery_to_confirm
from django_report_scheduling.services.expansion import expand_due_schedules
from django_report_scheduling.services.heartbeats import beat
from django_report_scheduling.services.lost_messages import requeue_lost_deliveries, requeue_lost_reports
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_reports, queue_due_reports_of
from django_report_scheduling.services.report_claims import claim_report, fail_attempt, finish_report
from django_report_scheduling.services.rescue import rescue_deliveries, rescue_reports
from django_report_scheduling.services.schedule_limit import hold_room
from django_report_scheduling.services.schedules import delete_schedule
from tests.factories import (
    NOW,
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookDeliveryFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

LATER = NOW + dt.timedelta(minutes=5)


class Asked(Exception):
    """The replica got a query."""


@pytest.fixture
def replica(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on, reading goes to a database that must not be asked."""

    def refuse() -> None:
        raise Asked

    connections["replica"] = connection.copy("replica")
    monkeypatch.setattr(connections["replica"], "ensure_connection", refuse)
    settings.DATABASE_ROUTERS = ["tests.services.replica_router.ReadsFromReplica"]
    with pytest.raises(Asked):
        ReportSchedule.objects.first()
    yield
    del connections["replica"]


def test_schedules_are_expanded(request: pytest.FixtureRequest) -> None:
    ReportScheduleFactory()
    request.getfixturevalue("replica")

    assert expand_due_schedules(now=LATER, limit=10) == 1
    assert GeneratedReport.objects.using("default").count() == 1


def test_a_report_is_claimed_and_finished(request: pytest.FixtureRequest) -> None:
    report = GeneratedReportFactory(queued=True)
    request.getfixturevalue("replica")

    claimed = claim_report(report_id=report.pk, attempt=0, now=NOW)

    assert claimed is not None
    assert claimed.attempt == 1
    assert finish_report(claimed, files=[], targets=[("email", "a@customer.example")], now=LATER)


def test_a_failed_attempt_is_recorded(request: pytest.FixtureRequest) -> None:
    report = GeneratedReportFactory(running=True)
    request.getfixturevalue("replica")

    status = fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=False, now=NOW)

    assert status == ReportStatus.PENDING


def test_a_delivery_is_claimed_tried_again_and_closed(request: pytest.FixtureRequest) -> None:
    delivery = DeliveryFactory()
    request.getfixturevalue("replica")

    first = claim_delivery(delivery_id=delivery.pk, attempt=0, now=NOW)
    assert first is not None
    retry_delivery_later(first, code=ErrorCode.CHANNEL_UNAVAILABLE, message="m", now=NOW)
    second = claim_delivery(delivery_id=delivery.pk, attempt=1, now=LATER)

    assert second is not None
    assert close_delivery(second, DeliveryStatus.SENT, now=LATER)


@pytest.mark.parametrize("factory", [DeliveryFactory, WebhookDeliveryFactory])
def test_whether_a_delivery_may_go_out_is_asked_where_it_was_claimed(
    request: pytest.FixtureRequest, factory: Any
) -> None:
    """A replica that lags behind does not know of the claim, and would have it suppressed."""
    delivery = factory()
    request.getfixturevalue("replica")
    claimed = claim_delivery(delivery_id=delivery.pk, attempt=0, now=NOW)
    assert claimed is not None

    current = delivery_to_confirm(Delivery.objects.held(attempt=1), like=claimed)

    assert current == delivery


def test_what_vanished_workers_held_is_taken_back(request: pytest.FixtureRequest) -> None:
    GeneratedReportFactory(running=True)
    DeliveryFactory(status=DeliveryStatus.SENDING, attempt=1)
    request.getfixturevalue("replica")

    assert rescue_reports(now=LATER, limit=10) == 1
    assert rescue_deliveries(now=LATER, limit=10) == 1
    assert Delivery.objects.using("default").get().status == DeliveryStatus.UNKNOWN


def test_room_is_counted_where_it_is_taken(request: pytest.FixtureRequest) -> None:
    report = GeneratedReportFactory(wake_at=NOW)
    delivery = DeliveryFactory()
    request.getfixturevalue("replica")

    assert queue_due_reports_of(account_id=report.account_id, now=NOW) == [Message(str(report.pk), 0, NOW)]
    assert queue_due_reports(now=NOW, limit=10) == []
    assert queue_deliveries_of(report_id=delivery.report_id, now=NOW) == [Message(str(delivery.pk), 0, NOW)]
    assert queue_due_deliveries(now=NOW, limit=10) == []


def test_lost_messages_and_arrivals_are_looked_for(request: pytest.FixtureRequest) -> None:
    report = GeneratedReportFactory(queued=True, wake_at=NOW)
    DeliveryFactory(queued_at=NOW, wake_at=NOW)
    request.getfixturevalue("replica")

    note_arrival(REPORTS, handed_out=NOW.timestamp())
    assert requeue_lost_reports(now=LATER, limit=10) == [Message(str(report.pk), 0, LATER)]
    assert len(requeue_lost_deliveries(now=LATER, limit=10)) == 1


def test_files_of_a_report_that_has_just_succeeded_stay(
    request: pytest.FixtureRequest, report_storage: InMemoryStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to the commit was lost, and the replica does not know of it yet."""
    report = GeneratedReportFactory(queued=True)
    finish, commits = generation.finish_report, []

    def finish_twice(*arguments: Any, **named: Any) -> bool:
        commits.append(finish(*arguments, **named))
        return finish(*arguments, **named)

    monkeypatch.setattr(generation, "finish_report", finish_twice)
    request.getfixturevalue("replica")

    late = NOW + dt.timedelta(hours=2)
    status = generation.generate_report(report_id=report.pk, attempt=0, clock=lambda: late)

    assert status == ReportStatus.SUCCEEDED
    (file,) = ReportFile.objects.using("default")
    assert commits == [True]
    assert report_storage.exists(file.key)


def test_the_sign_of_life_is_written(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("replica")

    beat("tick", now=NOW)
    beat("tick", now=LATER)


def test_who_may_write_is_asked_where_it_is_written(request: pytest.FixtureRequest) -> None:
    """The replica may not know yet that a role was taken."""
    schedule, manager, stranger = ReportScheduleFactory(), UserFactory(), UserFactory()
    grant(account=schedule.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    request.getfixturevalue("replica")

    require_manager(manager, schedule.account_id)
    for refuse in (partial(require_manager, stranger, schedule.account_id), partial(require_administrator, manager)):
        with pytest.raises(NotPermitted):
            refuse()


def test_a_schedule_is_deleted_by_somebody_who_may(request: pytest.FixtureRequest) -> None:
    report, manager = GeneratedReportFactory(), UserFactory()
    grant(account=report.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    request.getfixturevalue("replica")

    delete_schedule(schedule_id=report.schedule_id, actor=manager, now=NOW)

    assert not ReportSchedule.objects.using("default").exists()


def test_the_limit_counts_where_schedules_are_added(request: pytest.FixtureRequest) -> None:
    account = AccountFactory()
    ReportScheduleFactory.create_batch(10, account=account)
    request.getfixturevalue("replica")

    with transaction.atomic(), pytest.raises(LimitReached):
        hold_room(account)
