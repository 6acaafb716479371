"""What has to be true of webhooks after a run: the ledger says once, the receiver may have heard it more often."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from tests.chaos.snapshot import Delivery, Snapshot, Told


def each_event_is_sent_to_its_endpoint_once(snapshot: Snapshot) -> Iterator[str]:
    """One row for each report and endpoint, and it says ``sent``; endpoints that were deleted have none."""
    wanted_by = {planned.schedule: planned.webhook for planned in snapshot.plan if not planned.webhook_leaves}
    found = defaultdict(list)
    for delivery in snapshot.deliveries:
        if delivery.channel == "webhook":
            found[delivery.report].append((delivery.event, delivery.target, delivery.status))
    for report in snapshot.reports:
        endpoint = wanted_by.get(report.schedule)
        wanted = [(f"report.{report.status}", endpoint, "sent")] if endpoint else []
        if found[report.id] != wanted:
            yield f"of report {report.id} webhooks are told {found[report.id]}, wanted is {wanted}"


def what_was_told_is_what_was_sent(snapshot: Snapshot) -> Iterator[str]:
    """Each sent event arrived, each time with the same id, the same body and a signature that holds."""
    told = defaultdict(list)
    for message in snapshot.told:
        if not message.verified:
            yield f"the signature of {message.id} for {message.path} does not hold"
        told[message.id].append(message)
    for delivery in snapshot.deliveries:
        if delivery.channel == "webhook":
            yield from _faults_of(delivery, told.pop(f"msg_{delivery.id.replace('-', '')}", []))
    for left in told.values():
        yield from (f"{message.id} belongs to no delivery" for message in left if message.path not in snapshot.left)


def _faults_of(delivery: Delivery, told: list[Told]) -> Iterator[str]:
    if delivery.status == "sent" and not told:
        yield f"delivery {delivery.id} is sent and never arrived: {delivery}"
    if len({message.body for message in told}) > 1:
        yield f"the repetitions of delivery {delivery.id} differ"
    for message in told:
        body = json.loads(message.body)
        if (body["type"], body["data"]["report"]) != (delivery.event, delivery.report):
            yield f"delivery {delivery.id} tells of {body['type']} of {body['data']['report']}: {delivery}"


def nothing_is_told_after_the_end(snapshot: Snapshot) -> Iterator[str]:
    """Once an endpoint is deleted it hears of nothing but what was being sent at that moment."""
    under_way = {f"msg_{delivery.replace('-', '')}" for delivery in snapshot.left_sending}
    for message in snapshot.told:
        if message.path in snapshot.left and message.at > snapshot.left_at and message.id not in under_way:
            yield f"{message.id} was told to {message.path} {message.at - snapshot.left_at:.1f} s after its end"


def endpoints_stay_active(snapshot: Snapshot) -> Iterator[str]:
    """The faults are ours, or the receiver's now and then: none of them is a reason to stop."""
    wanted = {planned.webhook for planned in snapshot.plan if planned.webhook and not planned.webhook_leaves}
    found = {endpoint.id: endpoint for endpoint in snapshot.endpoints}
    for key in wanted ^ found.keys():
        yield f"the endpoint {key} {'is gone' if key in wanted else 'is still there'}"
    for endpoint in found.values():
        if endpoint.state != "active" or endpoint.consecutive_failures:
            yield f"the endpoint {endpoint.id} is {endpoint.state}: {endpoint}"
