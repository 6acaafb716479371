"""Whether a report reached everyone, read from its deliveries to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django_report_scheduling.choices import DeliveryState, DeliveryStatus, Event
from django_report_scheduling.models import Delivery
from django_report_scheduling.models.delivery import WEBHOOK


def delivery_states(report_ids: Collection[Any]) -> Mapping[Any, DeliveryState]:
    """Return the state of each report, with one query for all of them. Programs that are told by webhook do not count.

    It is asked for the reports of a page, after the page is known: as part of the query that finds them, it would be
    worked out for every report that might have been on it.
    """
    about = Delivery.objects.fresh().filter(report__in=report_ids, event=Event.REPORT_SUCCEEDED)
    about = about.exclude(channel=WEBHOOK).order_by()
    statuses: defaultdict[Any, set[str]] = defaultdict(set)
    for report_id, status in about.values_list("report_id", "status").distinct():
        statuses[report_id].add(status)
    return {report_id: _state(statuses[report_id]) for report_id in report_ids}


def _state(statuses: set[str]) -> DeliveryState:
    if not statuses:
        return DeliveryState.NONE
    if DeliveryStatus.SENT not in statuses:
        return DeliveryState.UNDELIVERED
    return DeliveryState.PARTIAL if len(statuses) > 1 else DeliveryState.DELIVERED
