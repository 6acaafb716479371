"""A report and its delivery as examples in the description of the API."""

from __future__ import annotations

from typing import Any, Final

REPORT: Final[dict[str, Any]] = {
    "id": "01956f1a-1c00-7d3e-b1a5-5f6e7d8c9b0a",
    "schedule": "01956a3d-02c4-7b6a-8e41-aa5d0c6f7e21",
    "schedule_name": "Weekly summary",
    "account": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f",
    "account_name": "Acme",
    "report_type": "performance_summary",
    "report_title": "Performance summary",
    "trigger": "schedule",
    "slot": "2026-03-02T07:00:00Z",
    "timezone": "Europe/Berlin",
    "period_start": "2026-02-22T23:00:00Z",
    "period_end": "2026-03-01T23:00:00Z",
    "status": "succeeded",
    "status_text": "",
    "delivery_state": "delivered",
    "attempt": 1,
    "error_code": "",
    "error_message": "",
    "generation_time_ms": 412,
    "file_size_bytes": 48213,
    "files": [
        {
            "format": "pdf",
            "name": "performance-summary-2026-02-23-2026-03-01.pdf",
            "content_type": "application/pdf",
            "size": 48213,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }
    ],
    "requested_at": "2026-03-02T07:00:00Z",
    "started_at": "2026-03-02T07:00:01Z",
    "finished_at": "2026-03-02T07:00:02Z",
    "expires_at": "2026-05-31T07:00:02Z",
}
DELIVERY: Final[dict[str, Any]] = {
    "id": "01956f1a-2100-7a44-9c3d-3e4f5a6b7c8d",
    "event": "report.succeeded",
    "channel": "email",
    "target": "jane@customer.example",
    "status": "sent",
    "attempt": 1,
    "error_code": "",
    "error_message": "",
    "sent_at": "2026-03-02T07:00:03Z",
    "created_at": "2026-03-02T07:00:02Z",
}
REDELIVERY: Final[dict[str, Any]] = {"deliveries": 1}
