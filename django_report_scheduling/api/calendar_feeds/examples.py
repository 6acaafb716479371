"""A calendar feed as an example in the description of the API."""

from __future__ import annotations

from typing import Any, Final

SENT: Final[dict[str, Any]] = {"account": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f"}
ANSWERED: Final[dict[str, Any]] = {
    "id": "01956a3e-2b30-7e4d-b2c3-d4e5f6071829",
    **SENT,
    "account_name": "Acme",
    "url": "https://reports.example.com/reports/calendar/eyJmIjoiMDE5NTZhM2UiLCJuIjoiIn0.c2lnbmVk.ics",
    "created_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z",
}
