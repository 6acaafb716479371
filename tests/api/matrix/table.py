"""Who may do what: one line for each endpoint, method and kind of row, with the status that each standing gets.

Not in the table, because they are the same everywhere: who is not logged in gets 401, OPTIONS is 204, HEAD answers as
GET does, and every other method is 405. Add a line for a new endpoint; the tests fail while one is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.api.matrix.endpoints import at_hand
from tests.api.world.holdings import Holdings
from tests.api.world.people import Standing

TABLE = """
endpoint                   method  row       stranger client manager administrator

account-list               GET     -         200      200    200     200
report-type-list           GET     -         200      200    200     200

report-schedule-list       GET     -         200      200    200     200
report-schedule-list       POST    -         400      403    201     201
report-schedule-detail     GET     schedule  404      200    200     200
report-schedule-detail     PATCH   schedule  404      403    200     200
report-schedule-detail     DELETE  schedule  404      403    204     204
report-schedule-run        POST    schedule  404      403    202     202
report-schedule-preview    POST    schedule  404      403    202     202
report-schedule-pause      POST    schedule  404      403    200     200
report-schedule-pause      POST    paused    404      403    409     409
report-schedule-resume     POST    paused    404      403    200     200
report-schedule-resume     POST    schedule  404      403    409     409
report-schedule-resume     POST    errored   404      403    403     200
report-schedule-next-runs  GET     schedule  404      200    200     200
report-schedule-next-runs  GET     paused    404      200    200     200
report-schedule-timeline   GET     schedule  404      403    200     200

report-list                GET     -         200      200    200     200
report-detail              GET     report    404      200    200     200
report-detail              GET     orphan    404      200    200     200
report-detail              GET     preview   404      404    404     404
report-download            GET     report    404      302    302     302
report-download            GET     orphan    404      302    302     302
report-download            GET     pending   404      409    409     409
report-download            GET     preview   404      404    404     404
report-retry               POST    failed    404      403    202     202
report-retry               POST    pending   404      403    409     409
report-retry               POST    preview   404      404    404     404
report-cancel              POST    pending   404      403    200     200
report-cancel              POST    report    404      403    409     409
report-cancel              POST    preview   404      404    404     404
report-redeliver           POST    report    404      403    202     202
report-redeliver           POST    orphan    404      403    202     202
report-redeliver           POST    pending   404      403    409     409
report-redeliver           POST    preview   404      404    404     404
report-deliveries          GET     report    404      200    200     200
report-deliveries          GET     orphan    404      200    200     200
report-deliveries          GET     preview   404      404    404     404

recipient-list             GET     -         200      200    200     200
recipient-ask              POST    recipient 404      404    202     202
recipient-ask              POST    confirmed 404      404    409     409

webhook-list               GET     -         200      200    200     200
webhook-list               POST    -         400      403    201     201
webhook-detail             GET     webhook   404      404    200     200
webhook-detail             PATCH   webhook   404      404    200     200
webhook-detail             DELETE  webhook   404      404    204     204
webhook-ping               POST    webhook   404      404    202     202
webhook-ping               POST    disabled  404      404    409     409
webhook-rotate-secret      POST    webhook   404      404    200     200
webhook-rotate-secret      POST    disabled  404      404    200     200
webhook-reactivate         POST    disabled  404      404    403     200
webhook-reactivate         POST    webhook   404      404    403     409
webhook-deliveries         GET     webhook   404      404    200     200
webhook-deliveries         GET     disabled  404      404    200     200
webhook-replay             POST    webhook   404      404    202     202
webhook-replay             POST    disabled  404      404    409     409

calendar-feed-list         GET     -         200      200    200     200
calendar-feed-list         POST    -         400      201    201     201
calendar-feed-detail       GET     own       200      200    200     200
calendar-feed-detail       GET     feed      404      404    404     404
calendar-feed-detail       DELETE  own       204      204    204     204
calendar-feed-detail       DELETE  feed      404      404    404     404
calendar-feed-renew        POST    own       200      200    200     200
calendar-feed-renew        POST    feed      404      404    404     404
"""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the table."""

    endpoint: str
    method: str
    row: str
    statuses: Mapping[Standing, int]

    def __str__(self) -> str:
        return " ".join((self.method, self.endpoint, self.row)).removesuffix(" -")


def _line(text: str) -> Line:
    endpoint, method, row, *statuses = text.split()
    standings = (Standing.STRANGER, Standing.CLIENT, Standing.MANAGER, Standing.ADMINISTRATOR)
    expected = {Standing.OUTSIDE: 401, **dict(zip(standings, map(int, statuses), strict=True))}
    return Line(endpoint=endpoint, method=method, row=row, statuses=expected)


LINES = tuple(_line(text) for text in TABLE.strip().splitlines()[1:] if text and at_hand(text))


BODY_OF_A_SCHEDULE: Mapping[str, Any] = {
    "name": "Made by the matrix",
    "report_type": "sample",
    "formats": ["json"],
    "frequency": "weekly",
    "day_of_week": 0,
    "time_of_day": "08:00",
    "timezone": "Europe/Berlin",
    "recipients": [],
}


def new_schedule(holdings: Holdings) -> dict[str, Any]:
    """The body that makes a schedule of an account."""
    return {"account": str(holdings.account.pk), **BODY_OF_A_SCHEDULE}


def new_webhook(holdings: Holdings) -> dict[str, Any]:
    """The body that makes a webhook of an account."""
    return {
        "account": str(holdings.account.pk),
        "url": "https://hooks.customer.example/made-by-the-matrix",
        "events": ["report.succeeded"],
    }


def new_calendar_feed(holdings: Holdings) -> dict[str, Any]:
    """The body that makes a calendar feed of an account."""
    return {"account": str(holdings.account.pk)}


BODIES: Mapping[tuple[str, str], Callable[[Holdings], dict[str, Any]]] = {
    ("report-schedule-list", "POST"): new_schedule,
    ("report-schedule-detail", "PATCH"): lambda holdings: {"name": "Renamed by the matrix"},
    ("webhook-list", "POST"): new_webhook,
    ("calendar-feed-list", "POST"): new_calendar_feed,
    ("webhook-detail", "PATCH"): lambda holdings: {"url": "https://moved.customer.example/by-the-matrix"},
}
"""What is sent where a method takes a body."""
