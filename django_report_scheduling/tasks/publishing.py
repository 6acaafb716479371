"""Handing messages to the broker, after the transaction that marked their rows has committed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from celery import current_app
from django.db import InterfaceError, OperationalError, router, transaction

from django_report_scheduling.conf import conf
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.delivery_queueing import (
    NEAR,
    queue_deliveries_of,
    queue_deliveries_to,
    queue_webhooks_after,
    retry_of_webhook,
)
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.queueing import queue_due_reports_of, queue_report
from django_report_scheduling.tasks import names
from django_report_scheduling.tasks.broker import PATIENT, Patience, bounded_producer, broker_errors, settle
from django_report_scheduling.tasks.eager import run_all
from django_report_scheduling.tasks.task_messages import send_all

logger = logging.getLogger(__name__)

BATCH_SIZE: Final = 500
ATTEMPTS: Final = 2
"""Tries for each call. The second gets a fresh connection: the pooled one may have died since it was last used."""


def publish_reports(messages: Sequence[Message], *, patience: Patience = PATIENT) -> int:
    """Publish messages of queued reports; returns how many the broker took."""
    soft, hard = conf.SOFT_TIME_LIMIT, conf.TIME_LIMIT
    return _publish(names.GENERATE_REPORT, messages, patience, soft_time_limit=soft, time_limit=hard)


def publish_deliveries(messages: Sequence[Message], *, patience: Patience = PATIENT) -> int:
    """Publish messages of deliveries; returns how many the broker took."""
    return _publish_deliveries(messages, patience)


def _publish_deliveries(messages: Sequence[Message], patience: Patience, **options: Any) -> int:
    # Within the lease, so that a mail server that hangs does not hold a process for ever.
    soft = max(1, conf.LEASE * 4 // 5)
    hard = max(soft + 1, conf.LEASE * 9 // 10)
    return _publish(names.DELIVER, messages, patience, soft_time_limit=soft, time_limit=hard, **options)


def dispatch_report(report_id: Any, *, patience: Patience = PATIENT) -> None:
    """Send one report to a worker after the current transaction, instead of with the next tick.

    One that is under way or finished is left alone.

    :param patience: ``BRIEF`` where a person waits.
    """
    publish = partial(publish_reports, patience=patience)
    _dispatch(publish, lambda: queue_report(report_id=report_id, now=database_now()))


def dispatch_deliveries(report_id: Any, *, patience: Patience = PATIENT) -> None:
    """Send the deliveries of one report to workers after the current transaction, instead of with the next tick.

    :param patience: ``BRIEF`` where a person waits.
    """
    publish = partial(publish_deliveries, patience=patience)
    _dispatch(publish, lambda: queue_deliveries_of(report_id=report_id, now=database_now()))


def dispatch_deliveries_to(webhook_id: Any, *, patience: Patience = PATIENT) -> None:
    """Send what waits for a webhook to workers after the current transaction, instead of with the next tick.

    :param patience: ``BRIEF`` where a person waits.
    """
    publish = partial(publish_deliveries, patience=patience)
    _dispatch(publish, lambda: queue_deliveries_to(webhook_id=webhook_id, now=database_now()))


def dispatch_webhooks_after(delivery_id: Any) -> None:
    """Send webhooks of the same account to workers, as many as it has room for; nothing after another delivery."""
    _dispatch(publish_deliveries, lambda: queue_webhooks_after(delivery_id=delivery_id, now=database_now()))


def dispatch_retry(delivery_id: Any) -> None:
    """Have the next attempt at a webhook made at its time, where that is near, instead of with the tick after it.

    The broker, or the worker that fetched the message, holds it until then. When it is lost the tick makes up for it.
    """
    try:
        retry, now = retry_of_webhook(delivery_id=delivery_id), database_now()
    except (OperationalError, InterfaceError) as error:
        logger.warning("The next attempt at a webhook was left to the tick: %s", error)
        return
    if retry is None or current_app.conf.task_always_eager:
        return
    message, at = retry
    if at - now <= NEAR:
        _publish_deliveries([message], PATIENT, countdown=max(0.0, (at - now).total_seconds()))


def dispatch_reports_of(account_id: Any) -> None:
    """Send reports of an account to workers after the current transaction, as many as it has room for."""
    _dispatch(publish_reports, lambda: queue_due_reports_of(account_id=account_id, now=database_now()))


def _dispatch(publish: Callable[[Sequence[Message]], int], queue: Callable[[], Sequence[Message]]) -> None:
    # Queued after the commit too, so that a caller's long transaction does not keep others from handing out.
    def run() -> None:
        try:
            messages = queue()
        except (OperationalError, InterfaceError) as error:
            logger.warning("Nothing was handed out ahead of the next tick: %s", error)
        else:
            publish(messages)

    transaction.on_commit(run, using=router.db_for_write(GeneratedReport))


def _publish(name: str, messages: Sequence[Message], patience: Patience, **options: Any) -> int:
    if not messages:
        return 0
    queue = conf.QUEUES.get(name)
    if queue:
        options["queue"] = queue
    task = current_app.tasks[name]
    batch = [(message.id, message.attempt, _seconds(message)) for message in messages]
    if current_app.conf.task_always_eager:
        run_all(task, batch, **options)
        return len(batch)
    return _send(task, batch, patience, options)


def _send(task: Any, batch: Sequence[tuple[Any, ...]], patience: Patience, options: dict[str, Any]) -> int:
    retry_until = time.monotonic() + patience.retry_within
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with bounded_producer(patience) as producer:
                with producer.batch(BATCH_SIZE):  # type: ignore[attr-defined]  # newer than the stubs
                    send_all(task, batch, producer=producer, patience=patience, **options)
                settle(producer, patience)
        except broker_errors() as error:
            if attempt == ATTEMPTS or time.monotonic() > retry_until:
                # Nothing to undo: the rows know that nobody has taken them, and are sent again in time.
                logger.error(  # noqa: TRY400  # the broker being away needs no traceback
                    "The broker did not take %d messages of %s (%s); they are sent again when they count as lost.",
                    len(batch), task.name, type(error).__name__,
                )  # fmt: skip
                break
        else:
            return len(batch)
    return 0


def _seconds(message: Message) -> float | None:
    return None if message.handed_out is None else message.handed_out.timestamp()
