"""A message is sent again when there is evidence that it is lost, and not because it is old."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, Heartbeat
from django_report_scheduling.services.arrivals import DELIVERIES, REPORTS, STEP, newest_arrival, note_arrival
from django_report_scheduling.services.lost_messages import PROBES, requeue_lost_deliveries, requeue_lost_reports
from django_report_scheduling.services.messages import Message
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory

pytestmark = pytest.mark.django_db

TIMEOUT = dt.timedelta(minutes=10)
SECOND = dt.timedelta(seconds=1)

Row = GeneratedReport | Delivery
Make = Callable[..., Row]
Requeue = Callable[..., list[Message]]


def handed_out_report(at: dt.datetime, **fields: object) -> Row:
    return GeneratedReportFactory(queued=True, queued_at=at, wake_at=at + TIMEOUT, **fields)


def handed_out_delivery(at: dt.datetime, **fields: object) -> Row:
    return DeliveryFactory(queued_at=at, wake_at=at + TIMEOUT, **fields)


def working_report() -> Row:
    return GeneratedReportFactory(running=True)


def working_delivery() -> Row:
    return DeliveryFactory(status=DeliveryStatus.SENDING)


both = pytest.mark.parametrize(
    ("kind", "make", "requeue", "working"),
    [
        (REPORTS, handed_out_report, requeue_lost_reports, working_report),
        (DELIVERIES, handed_out_delivery, requeue_lost_deliveries, working_delivery),
    ],
    ids=["reports", "deliveries"],
)


def arrives(kind: str, at: dt.datetime) -> None:
    newest_arrival(kind)
    note_arrival(kind, handed_out=at.timestamp())


@both
def test_a_message_that_a_much_later_one_has_overtaken_is_sent_again(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    lost = make(NOW, attempt=1)
    working()
    arrives(kind, NOW + TIMEOUT)
    later = NOW + TIMEOUT + SECOND

    assert requeue(now=later, limit=10) == [Message(str(lost.pk), 1, later)]

    lost.refresh_from_db()
    assert (lost.queued_at, lost.wake_at) == (later, later + TIMEOUT)
    assert requeue(now=later, limit=10) == []


@both
def test_behind_a_long_queue_nothing_is_sent_again(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    make(NOW)
    working()
    arrives(kind, NOW + TIMEOUT - SECOND)

    assert requeue(now=NOW + dt.timedelta(days=1), limit=10) == []


@both
def test_no_message_is_sent_again_before_it_is_late(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    make(NOW)

    assert requeue(now=NOW + TIMEOUT - SECOND, limit=10) == []


@both
def test_a_queue_that_nothing_leaves_is_probed_and_then_left_in_peace(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    rows = [make(NOW) for _ in range(PROBES + 2)]
    late = NOW + TIMEOUT

    probes = requeue(now=late, limit=10)

    assert [probe.id for probe in probes] == [str(row.pk) for row in rows[:PROBES]]
    assert requeue(now=late + TIMEOUT - SECOND, limit=10) == []
    assert len(requeue(now=late + TIMEOUT, limit=10)) == PROBES


@both
def test_a_probe_that_arrives_frees_all_the_others(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    rows = [make(NOW) for _ in range(PROBES + 2)]
    (probe, *_) = requeue(now=NOW + TIMEOUT, limit=10)
    assert probe.handed_out is not None
    note_arrival(kind, handed_out=probe.handed_out.timestamp())

    again = requeue(now=NOW + TIMEOUT + 30 * SECOND, limit=10)

    assert {message.id for message in again} == {str(row.pk) for row in rows[PROBES:]}


@both
def test_a_row_claimed_through_its_older_twin_proves_nothing(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    for _ in range(PROBES + 2):
        make(NOW)
    requeue(now=NOW + TIMEOUT, limit=10)
    note_arrival(kind, handed_out=NOW.timestamp())
    working()

    assert requeue(now=NOW + 10 * TIMEOUT, limit=10) == []


@both
def test_a_message_of_late_shows_whether_anybody_works_as_well_as_a_probe(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row]
) -> None:
    make(NOW)
    make(NOW + TIMEOUT)

    assert requeue(now=NOW + TIMEOUT + SECOND, limit=10) == []


@both
def test_lost_messages_are_sent_again_in_batches(
    kind: str, make: Make, requeue: Requeue, working: Callable[[], Row], settings: Settings
) -> None:
    rows = [make(NOW) for _ in range(3)]
    arrives(kind, NOW + TIMEOUT)

    batches = [requeue(now=NOW + TIMEOUT, limit=2) for _ in range(2)]

    assert [len(batch) for batch in batches] == [2, 1]
    assert {message.id for batch in batches for message in batch} == {str(row.pk) for row in rows}


def test_only_what_is_really_sent_again_is_recorded() -> None:
    for _ in range(PROBES + 2):
        handed_out_report(NOW)

    requeue_lost_reports(now=NOW + TIMEOUT, limit=10)

    assert AuditEvent.objects.filter(verb="report.requeued").count() == PROBES


def test_a_delivery_whose_retry_is_planned_is_no_lost_message() -> None:
    DeliveryFactory(wake_at=NOW)
    arrives(DELIVERIES, NOW + TIMEOUT)

    assert requeue_lost_deliveries(now=NOW + TIMEOUT, limit=10) == []


def test_arrivals_only_move_forward_and_in_steps() -> None:
    arrives(REPORTS, NOW)
    for handed_out in (NOW + STEP, NOW - TIMEOUT):
        arrives(REPORTS, handed_out)
    note_arrival(REPORTS, handed_out=None)
    assert newest_arrival(REPORTS) == NOW

    arrives(REPORTS, NOW + STEP + SECOND)
    assert newest_arrival(REPORTS) == NOW + STEP + SECOND


def test_an_arrival_before_anybody_asked_is_let_go() -> None:
    note_arrival(REPORTS, handed_out=NOW.timestamp())

    assert not Heartbeat.objects.filter(name=REPORTS).exists()
