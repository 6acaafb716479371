"""Who is told of what: accounts with an endpoint each, and events that wait for it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from benchmarks.posting.receiver import HOST
from django_report_scheduling.choices import Event, WebhookState
from django_report_scheduling.models import Account, Delivery, GeneratedReport, ReportSchedule, WebhookEndpoint
from django_report_scheduling.services.webhooks.payloads import envelope, report_data
from django_report_scheduling.services.webhooks.secrets import give_new_secret

EVENT = Event.REPORT_SUCCEEDED


@dataclass(frozen=True, kw_only=True, slots=True)
class Receiving:
    """One account with one endpoint."""

    schedule: ReportSchedule
    endpoint: WebhookEndpoint


def account(path: str) -> Receiving:
    """Set up an account whose endpoint is at this path."""
    slug = uuid.uuid4().hex
    row = Account.objects.create(name=slug, slug=slug)
    schedule = ReportSchedule.objects.create(
        account=row,
        name="Weekly",
        report_type="sample",
        frequency="weekly",
        day_of_week=0,
        time_of_day=dt.time(8),
        timezone="UTC",
        state="paused",
        recipients=[],
        ownerless=True,
    )
    endpoint = WebhookEndpoint(account=row, url=f"https://{HOST}/{path}", events=[EVENT], state=WebhookState.ACTIVE)
    give_new_secret(endpoint)
    endpoint.save(force_insert=True)
    return Receiving(schedule=schedule, endpoint=endpoint)


def events(receiving: Receiving, number: int, *, now: dt.datetime) -> list[str]:
    """Store finished reports and the event of each, due now; returns the keys of the deliveries."""
    reports = GeneratedReport.objects.bulk_create(
        GeneratedReport(
            schedule=receiving.schedule,
            account_id=receiving.schedule.account_id,
            report_type="sample",
            trigger="manual",
            slot=now + dt.timedelta(microseconds=n),
            period_start=now - dt.timedelta(days=7),
            period_end=now,
            status="succeeded",
            attempt=1,
            started_at=now,
            finished_at=now,
        )
        for n in range(number)
    )
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            report=report,
            event=EVENT,
            channel="webhook",
            webhook=receiving.endpoint,
            target=str(receiving.endpoint.pk),
            payload=envelope(EVENT, report_data(report, EVENT), now=now),
            wake_at=now,
        )
        for report in reports
    )
    return [str(delivery.pk) for delivery in deliveries]
