"""What is sent, by the benchmark and by Locust alike."""

from __future__ import annotations

from typing import Any, Final

NEW_SCHEDULE: Final[dict[str, Any]] = {
    "name": "Monthly",
    "report_type": "traffic_analysis",
    "formats": ["pdf"],
    "frequency": "monthly",
    "day_of_month": 1,
    "time_of_day": "08:00",
    "timezone": "Europe/Berlin",
    "recipients": ["client@customer.example"],
}
"""A schedule without its account."""
