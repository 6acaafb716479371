"""Delivery requests as services make them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import DeliveryFile, DeliveryRequest
from django_report_scheduling.period import Period
from django_report_scheduling.reports import AccountProfile

BERLIN = ZoneInfo("Europe/Berlin")
PDF = b"%PDF-1.7\n\x00\xff\r\n.\r\n%%EOF"


def delivery_file(name: str = "acme-sales-2026-02-23.pdf", content: bytes = PDF, **changes: Any) -> DeliveryFile:
    values: dict[str, Any] = {
        "name": name, "format": "pdf", "content_type": "application/pdf", "size": len(content),
        "open": lambda: io.BytesIO(content), "url": f"https://reports.example.org/reports/download/{name}/",
    }  # fmt: skip
    return DeliveryFile(**{**values, **changes})


def delivery_request(*, account: dict[str, Any] | None = None, **changes: Any) -> DeliveryRequest:
    values: dict[str, Any] = {
        "id": "018f0000-0000-7000-8000-000000000001",
        "event": Event.REPORT_SUCCEEDED,
        "target": "jane@customer.example",
        "account": AccountProfile(**{"id": "1", "slug": "acme", "name": "Acme Ltd", **(account or {})}),
        "title": "Sales",
        "schedule_name": "Weekly sales",
        "period": Period(
            start=dt.datetime(2026, 2, 23, tzinfo=BERLIN), end=dt.datetime(2026, 3, 2, tzinfo=BERLIN)
        ),
        "files": (delivery_file(),),
        "created_at": dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC),
    }  # fmt: skip
    return DeliveryRequest(**{**values, **changes})
