"""The page that shows a channel for Slack, and what its tests put around it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from django_report_scheduling.models import Delivery
from django_report_scheduling.services.generation import generate_report
from tests.delivery.webhook.receiver import HOST, Receiver, Script, answering
from tests.factories import NOW, GeneratedReportFactory

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "own_channel.md"
SECRET: Final = "canary-T0B0-secret"
URL: Final = f"https://{HOST}/services/{SECRET}"
SITE: Final = "https://reports.example.com"


def block(name: str) -> str:
    pattern = rf"^```python {re.escape(name)}\n(.*?)^```$"
    found = re.search(pattern, PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


def make(**fields: Any) -> Delivery:
    report = GeneratedReportFactory(
        queued=True,
        schedule__name="R&D <weekly>",
        schedule__formats=["json", "csv"],
        **{"schedule__account__slug": "acme", **fields},
    )
    generate_report(report_id=report.pk, attempt=0, clock=lambda: NOW)
    return Delivery.objects.get(channel="slack")


def links_in(server: Receiver) -> list[str]:
    text = json.loads(server.requests[0].body)["blocks"][1]["text"]["text"]
    return re.findall(rf"<{SITE}([^|]+)\|", text)


def taking() -> Script:
    return answering("200 OK", body=b"ok")
