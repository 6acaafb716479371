"""Handing messages to the broker, after the transaction that marked their rows has committed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from django_report_scheduling.conf import conf
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_deliveries, queue_report
from django_report_scheduling.tasks import names

logger = logging.getLogger(__name__)

BATCH_SIZE = 500


def publish_reports(messages: Sequence[Message]) -> int:
    """Publish messages of queued reports; returns how many the broker took."""
    return _publish(names.GENERATE_REPORT, messages, soft_time_limit=conf.SOFT_TIME_LIMIT, time_limit=conf.TIME_LIMIT)


def publish_deliveries(messages: Sequence[Message]) -> int:
    """Publish messages of deliveries; returns how many the broker took."""
    # Within the lease, so that a mail server that hangs does not hold a process for ever.
    return _publish(names.DELIVER, messages, soft_time_limit=max(1, conf.LEASE - 20), time_limit=max(2, conf.LEASE - 5))


def dispatch_report(report_id: Any) -> None:
    """Send one report to a worker after the current transaction, instead of with the next tick."""
    messages = queue_report(report_id=report_id, now=database_now())
    transaction.on_commit(lambda: publish_reports(messages))


def dispatch_deliveries(report_id: Any) -> None:
    """Send the deliveries of one report to workers after the current transaction, instead of with the next tick."""
    messages = queue_due_deliveries(now=database_now(), limit=conf.TICK_BATCH_SIZE, report_id=report_id)
    transaction.on_commit(lambda: publish_deliveries(messages))


def broker_errors() -> tuple[type[Exception], ...]:
    """Return what the configured broker raises when it is away or refuses."""
    connection = current_app.connection_for_write()
    return (*connection.connection_errors, *connection.channel_errors, OperationalError, OSError)


def _publish(name: str, messages: Sequence[Message], **options: Any) -> int:
    if not messages:
        return 0
    queue = conf.QUEUES.get(name)
    if queue:
        options["queue"] = queue
    task = current_app.tasks[name]
    try:
        with current_app.producer_or_acquire() as producer, producer.batch(BATCH_SIZE):
            for message in messages:
                task.apply_async(args=(message.id, message.attempt), producer=producer, **options)
    except broker_errors() as error:
        # Nothing to undo: the rows say when their messages count as lost, and then they are sent again.
        logger.error(  # noqa: TRY400  # the broker being away needs no traceback
            "The broker did not take %d messages of %s (%s); they are sent again when they count as lost.",
            len(messages), name, type(error).__name__,
        )  # fmt: skip
        return 0
    return len(messages)
