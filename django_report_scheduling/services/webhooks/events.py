"""Events on their way to the endpoints that want them: rows, written in the transaction of what they tell of.

Where that is rolled back nothing was ever said, and where the broker is away they wait.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django_report_scheduling.choices import Event, Trigger, WebhookState
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule, WebhookEndpoint
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.services.webhooks.payloads import envelope, ping_data, report_data, schedule_data

Subscribers = Mapping[Any, Sequence[WebhookEndpoint]]
"""Account key → its active endpoints that want an event."""


def subscribers(event: Event, *, account_ids: Collection[Any]) -> Subscribers:
    """Return who wants to be told, in one query for any number of accounts."""
    found: defaultdict[Any, list[WebhookEndpoint]] = defaultdict(list)
    active = WebhookEndpoint.objects.fresh().filter(account_id__in=account_ids, state=WebhookState.ACTIVE)
    for endpoint in active.only("account_id", "events").kept():
        if event.value in endpoint.events:  # not every database can look into a JSON list
            found[endpoint.account_id].append(endpoint)
    return found


def tell_of_reports(
    event: Event, reports: Collection[GeneratedReport], *, now: dt.datetime, wanting: Subscribers | None = None
) -> None:
    """Queue an event of reports: each at most once for each endpoint, however often the report is tried.

    Previews are nobody's business but the requester's.

    :param wanting: who wants it, where the caller has asked already.
    """
    shared = [report for report in reports if report.trigger != Trigger.PREVIEW]
    if not shared:
        return
    if wanting is None:
        wanting = subscribers(event, account_ids={report.account_id for report in shared})
    _store(
        [
            _delivery(event, endpoint, report_data(report, event), now=now, report=report)
            for report in shared
            for endpoint in wanting.get(report.account_id, ())
        ]
    )


def tell_of_schedule(
    event: Event, schedule: ReportSchedule, *, now: dt.datetime, report: GeneratedReport | None = None
) -> None:
    """Queue an event of a schedule.

    :param report: the report that brought it about, so that it is told once for each.
    """
    about: dict[str, Any] = {"schedule": schedule} if report is None else {"report": report}
    wanting = subscribers(event, account_ids=[schedule.account_id])
    _store(
        [
            _delivery(event, endpoint, schedule_data(schedule), now=now, **about)
            for endpoint in wanting.get(schedule.account_id, ())
        ]
    )


def queue_ping(endpoint: WebhookEndpoint, *, now: dt.datetime) -> Delivery:
    """Queue a ping, whatever the endpoint asked for."""
    ping = _delivery(Event.WEBHOOK_PING, endpoint, ping_data(endpoint), now=now)
    ping.save(force_insert=True)
    return ping


def _delivery(
    event: Event, endpoint: WebhookEndpoint, data: Mapping[str, Any], *, now: dt.datetime, **about: Any
) -> Delivery:
    payload = envelope(event, data, now=now)
    return Delivery(
        event=event, channel=WEBHOOK, webhook=endpoint, target=str(endpoint.pk), payload=payload, wake_at=now, **about
    )


def _store(deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
