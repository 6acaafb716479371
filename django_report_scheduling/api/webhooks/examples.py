"""A webhook, and what it was told, as examples in the description of the API."""

from __future__ import annotations

from typing import Any, Final

SENT: Final[dict[str, Any]] = {
    "account": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f",
    "url": "https://hooks.customer.example/reports",
    "events": ["report.succeeded", "report.failed"],
    "description": "Billing",
}
ANSWERED: Final[dict[str, Any]] = {
    **SENT,
    "id": "01956a3d-1f20-7d3c-a1b2-c3d4e5f60718",
    "account_name": "Acme",
    "active": False,
    "state": "pending",
    "state_reason": "",
    "consecutive_failures": 0,
    "previous_secret_expires_at": None,
    "created_by": "7",
    "created_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z",
}
WITH_SECRET: Final[dict[str, Any]] = {**ANSWERED, "secret": "whsec_c2hvd24gb25jZSBhbmQgbmV2ZXIgYWdhaW4="}
CHANGED: Final[dict[str, Any]] = {**ANSWERED, "state": "active", "active": True, "secret": None}
DELIVERY: Final[dict[str, Any]] = {
    "id": "01956f1a-2100-7a44-9c3d-3e4f5a6b7c8d",
    "event": "report.succeeded",
    "report": "01956f1a-1f00-7b55-8d4e-4f5a6b7c8d9e",
    "status": "pending",
    "attempt": 1,
    "error_code": "channel_unavailable",
    "error_message": "The receiver answered with 503.",
    "next_attempt_at": "2026-03-02T07:00:13Z",
    "sent_at": None,
    "created_at": "2026-03-02T07:00:02Z",
    "attempts": [
        {"number": 1, "at": "2026-03-02T07:00:03Z", "outcome": "http_status", "answer": 503, "duration_ms": 118}
    ],
}
