"""A schedule, its next run and its record as examples in the description of the API."""

from __future__ import annotations

from typing import Any, Final

SENT: Final[dict[str, Any]] = {
    "account": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f",
    "name": "Weekly summary",
    "report_type": "performance_summary",
    "parameters": {},
    "formats": ["pdf"],
    "frequency": "weekly",
    "day_of_week": 0,
    "time_of_day": "08:00",
    "timezone": "Europe/Berlin",
    "recipients": ["jane@customer.example"],
}
ANSWERED: Final[dict[str, Any]] = {
    **SENT,
    "id": "01956a3d-02c4-7b6a-8e41-aa5d0c6f7e21",
    "account_name": "Acme",
    "report_title": "Performance summary",
    "day_of_month": None,
    "time_of_day": "08:00:00",
    "recurrence": "",
    "starts_at": "2026-03-01T12:00:00Z",
    "ends_at": None,
    "active": True,
    "state": "active",
    "state_reason": "",
    "misfire_policy": "latest",
    "misfire_grace": 3600,
    "next_run_at": "2026-03-02T07:00:00Z",
    "last_run_at": None,
    "consecutive_failures": 0,
    "created_by": "7",
    "created_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z",
}
NEXT_RUNS: Final[dict[str, Any]] = {
    "results": [
        {
            "slot": "2026-03-02T07:00:00Z",
            "local": "2026-03-02T08:00:00+01:00",
            "period_start": "2026-02-22T23:00:00Z",
            "period_end": "2026-03-01T23:00:00Z",
        }
    ]
}
EVENT: Final[dict[str, Any]] = {
    "id": "01956a3d-02c5-7f00-8d10-0b1c2d3e4f50",
    "at": "2026-03-01T12:00:00Z",
    "verb": "schedule.created",
    "text": "The schedule was set up.",
    "actor": "jane",
    "object_type": "reportschedule",
    "object_id": ANSWERED["id"],
    "data": {},
}
