"""The page on calendars says what is so, and what it shows works as shown."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from django_report_scheduling.rendering.calendar import DURATION, REFRESH
from django_report_scheduling.services.calendar_feeds.events import AHEAD, MOST
from tests.api.callers import client_of
from tests.extras import needs_calendar
from tests.factories import AccountFactory

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-to" / "calendar.md").read_text(encoding="utf-8")


def test_the_figures_of_the_page_hold() -> None:
    assert f"The {MOST} soonest, at most {AHEAD.days} days ahead." in PAGE
    assert f"An event lasts {DURATION // dt.timedelta(minutes=1)} minutes" in PAGE
    assert dt.timedelta(hours=1) == REFRESH
    assert "once an hour" in PAGE
    assert dt.timedelta(days=20) < MOST * dt.timedelta(hours=1) < dt.timedelta(days=22), "three weeks of an hourly one"


@needs_calendar
@pytest.mark.django_db
def test_the_request_of_the_page_gives_an_address_that_works(client: Client) -> None:
    account = AccountFactory()
    client.force_login(client_of(account), backend="django.contrib.auth.backends.ModelBackend")
    found = re.search(r"curl .*?(/api/\S+) -d '(\{.*?\})'", PAGE, re.DOTALL)
    assert found
    body = json.loads(found[2]) | {"account": str(account.pk)}

    answer = client.post(found[1], body, content_type="application/json")

    assert answer.status_code == 201
    path = answer.json()["url"].removeprefix("https://reports.example.org")
    assert path.startswith("/reports/calendar/")
    assert Client().get(path).status_code == 200


@needs_calendar
@pytest.mark.django_db
def test_the_view_of_the_page_gives_an_address_to_subscribe_to() -> None:
    account = AccountFactory()
    code = PAGE.rpartition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {"account": account, "request": SimpleNamespace(user=client_of(account))}

    exec(compile(code, "calendar.md", "exec"), names)  # noqa: S102  # that is the point

    assert names["link"].startswith("webcal://reports.example.org/reports/calendar/")
    assert names["link"].endswith(".ics")
