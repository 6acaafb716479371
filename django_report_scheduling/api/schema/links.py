"""Where one can go from an answer: OpenAPI links, which clients follow and tests walk along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SCHEDULE: Final = "report_schedules"
REPORT: Final = "reports"
WEBHOOK: Final = "report_webhooks"
CALENDAR_FEED: Final = "report_calendar_feeds"
RECIPIENT: Final = "report_recipients"

ROW_OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    SCHEDULE: (
        "retrieve",
        "partial_update",
        "run",
        "preview",
        "pause",
        "resume",
        "next_runs",
        "timeline",
        "destroy",
    ),
    REPORT: ("retrieve", "download", "deliveries", "retry", "cancel", "redeliver"),
    WEBHOOK: ("retrieve", "partial_update", "ping", "rotate_secret", "deliveries", "reactivate", "destroy"),
    CALENDAR_FEED: ("retrieve", "renew", "destroy"),
    RECIPIENT: ("ask",),
}
"""What can be done with one row, by resource."""
COMPONENTS: Final[Mapping[str, str]] = {
    "ReportSchedule": SCHEDULE,
    "Report": REPORT,
    "ReportWebhook": WEBHOOK,
    "ReportWebhookWithSecret": WEBHOOK,
    "ReportCalendarFeed": CALENDAR_FEED,
    "ReportRecipient": RECIPIENT,
}
"""Which component shows a row of which resource."""
FILTERED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ReportSchedule": (("reports_list", "schedule"),),
    "ReportAccount": (
        ("report_schedules_list", "account"),
        ("reports_list", "account"),
        ("report_webhooks_list", "account"),
        ("report_recipients_list", "account"),
    ),
}
"""Which lists can be narrowed down to what a component shows, and by which parameter."""
NESTED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ReportWebhookDelivery": (("report_webhooks_replay", "delivery"),)
}
"""What can be done with a row inside of the one that was asked for, and the name of its place in the path."""


def links_from(reference: str) -> dict[str, Any]:
    """Return the links of an answer, by name, from the reference to its component."""
    name = reference.rpartition("/")[2]
    row = name.removeprefix("Paginated").removesuffix("List")
    place = "$response.body#/id" if row == name else "$response.body#/results/0/id"
    resource = COMPONENTS.get(row)
    links: dict[str, Any] = {
        f"{resource}_{action}": {"operationId": f"{resource}_{action}", "parameters": {"path.id": place}}
        for action in (ROW_OPERATIONS[resource] if resource else ())
    }
    for operation, parameter in FILTERED.get(row, ()):
        links[f"{operation}_by_{parameter}"] = {
            "operationId": operation,
            "parameters": {f"query.{parameter}": place},
        }
    for operation, parameter in NESTED.get(row, ()):
        links[operation] = {
            "operationId": operation,
            "parameters": {"path.id": "$request.path.id", f"path.{parameter}": place},
        }
    return links
