"""One of several processes that do the same thing at the same moment: ``python -m tests.concurrency.racer``.

It says ``ready``, and answers each line ``VERB ARGUMENT`` on its standard input with a line on what came of it.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable

import django

DEADLOCK = 1213
"""MySQL's number of the error."""


def expand(_argument: str) -> str:
    from django_report_scheduling.services.expansion import expand_all_due
    from tests.factories import NOW

    return str(expand_all_due(clock=lambda: NOW + dt.timedelta(minutes=1), batch_size=7))


def claim(report_id: str) -> str:
    from django_report_scheduling.services.report_claims import claim_report
    from tests.factories import NOW

    return "claimed" if claim_report(report_id=report_id, attempt=0, now=NOW) else "stale"


def queue(_argument: str) -> str:
    from django_report_scheduling.services.queueing import queue_due_reports
    from tests.factories import NOW

    return " ".join(message.id for message in queue_due_reports(now=NOW, limit=100))


def queue_of_account(account_id: str) -> str:
    from django_report_scheduling.services.queueing import queue_due_reports_of
    from tests.factories import NOW

    return " ".join(message.id for message in queue_due_reports_of(account_id=account_id, now=NOW))


def create(account_id: str) -> str:
    from django_report_scheduling.exceptions import LimitReached
    from django_report_scheduling.models import Account
    from django_report_scheduling.services.schedules import create_schedule
    from tests.factories import NOW

    try:
        create_schedule(
            account=Account.objects.get(pk=account_id),
            actor=None,
            now=NOW,
            name="Raced",
            report_type="sample",
            formats=["json"],
            frequency="daily",
            time_of_day=dt.time(8),
        )
    except LimitReached:
        return "limit"
    return "created"


def run(argument: str) -> str:
    from django.contrib.auth import get_user_model

    from django_report_scheduling.models import ReportSchedule
    from django_report_scheduling.services.report_requests import run_now
    from tests.factories import NOW

    schedule_id, user_id, key = argument.split(" ")
    report = run_now(
        schedule=ReportSchedule.objects.get(pk=schedule_id),
        actor=get_user_model().objects.get(pk=user_id),
        now=NOW,
        idempotency_key=key,
    )
    return str(report.pk)


def fail(report_id: str) -> str:
    from django_report_scheduling.choices import ErrorCode
    from django_report_scheduling.models import GeneratedReport
    from django_report_scheduling.services.report_claims import fail_attempt
    from tests.factories import NOW

    report = GeneratedReport.objects.get(pk=report_id)
    return str(fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW))


def create_webhook(account_id: str) -> str:
    from django_report_scheduling.exceptions import LimitReached
    from django_report_scheduling.services.webhooks.endpoints import create_webhook
    from tests.factories import NOW

    try:
        create_webhook(account_id=account_id, actor=None, now=NOW, url="https://a.example/", events=["report.failed"])
    except LimitReached:
        return "limit"
    return "created"


def rotate_webhook(webhook_id: str) -> str:
    from django_report_scheduling.exceptions import WrongState
    from django_report_scheduling.services.webhooks.secrets import rotate_secret
    from tests.factories import NOW

    try:
        return str(rotate_secret(webhook_id=webhook_id, actor=None, now=NOW).secret.reveal())
    except WrongState:
        return "lost"


def exhaust_webhook(delivery_id: str) -> str:
    from django_report_scheduling.choices import DeliveryStatus
    from django_report_scheduling.models import Delivery
    from django_report_scheduling.services.delivery_claims import close_delivery
    from django_report_scheduling.services.webhooks.attempts import Attempt
    from tests.factories import NOW

    delivery = Delivery.objects.select_related("webhook").get(pk=delivery_id)
    attempt = Attempt(outcome="http_status", answer=500, duration=0.1)
    return str(close_delivery(delivery, DeliveryStatus.FAILED, now=NOW, attempt=attempt))


def create_calendar_feed(argument: str) -> str:
    from django.contrib.auth import get_user_model

    from django_report_scheduling.exceptions import LimitReached, WrongState
    from django_report_scheduling.services.calendar_feeds.feeds import create_calendar_feed
    from tests.factories import NOW

    user_id, _, account_id = argument.partition(" ")
    actor = get_user_model()._default_manager.get(pk=user_id)
    try:
        create_calendar_feed(account_id=account_id or None, actor=actor, now=NOW)
    except LimitReached:
        return "limit"
    except WrongState:
        return "twice"
    return "created"


VERBS: dict[str, Callable[[str], str]] = {
    "expand": expand,
    "claim": claim,
    "queue": queue,
    "queue_of_account": queue_of_account,
    "create": create,
    "run": run,
    "fail": fail,
    "create_webhook": create_webhook,
    "rotate_webhook": rotate_webhook,
    "exhaust_webhook": exhaust_webhook,
    "create_calendar_feed": create_calendar_feed,
}


def main() -> None:
    django.setup()
    from django.db import connection

    from django_report_scheduling.reports import register
    from tests.sample_report import SampleReport

    register(SampleReport)
    connection.ensure_connection()
    answer("ready")
    for line in sys.stdin:
        verb, argument = line.rstrip("\n").split(" ", 1)
        answer(act(VERBS[verb], argument))


def act(verb: Callable[[str], str], argument: str) -> str:
    """Act, on InnoDB again after a deadlock: it sacrifices one of those who touch neighbouring places of an index."""
    from django.db import OperationalError, connection

    while True:
        try:
            return verb(argument)
        except OperationalError as error:
            if connection.vendor != "mysql" or error.args[0] != DEADLOCK:
                raise


def answer(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
