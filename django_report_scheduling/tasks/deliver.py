"""The task that brings one delivery to its target."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.services import delivering
from django_report_scheduling.services.arrivals import DELIVERIES, note_arrival
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.delivery_queueing import take_room_for_retry
from django_report_scheduling.services.reconnection import drop_broken_connection
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.publishing import dispatch_retry, dispatch_webhooks_after


@shared_task(bind=True, name=names.DELIVER, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def deliver(self: Any, delivery_id: str, attempt: int, handed_out: float | None = None) -> None:  # noqa: ARG001  # bound, so that subclasses and tracing find the request
    """Deliver in the attempt that the message was sent for.

    :param handed_out: when the message went to the broker, in seconds since 1970; ``None`` for one that was held back.
    """
    drop_broken_connection()
    note_arrival(DELIVERIES, handed_out=handed_out)
    if handed_out is None and not take_room_for_retry(delivery_id=delivery_id, attempt=attempt, now=database_now()):
        return
    status = delivering.deliver(delivery_id=delivery_id, attempt=attempt, clock=database_now)
    if status == DeliveryStatus.PENDING:
        dispatch_retry(delivery_id)
    if status is not None:
        dispatch_webhooks_after(delivery_id)
