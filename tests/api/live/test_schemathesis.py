"""Schemathesis against the running server, through all of its phases, with everybody's credentials at the same time.

``SCHEMATHESIS_EXAMPLES`` (number for each operation) makes it longer, ``SCHEMATHESIS_SEED`` repeats or varies it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from django_report_scheduling.models import CalendarFeed
from tests.api.live.conftest import PASSWORD, Site
from tests.api.schema.test_document import PUBLISHED

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "3")
SEED = os.environ.get("SCHEMATHESIS_SEED", "20261120")
FEWEST_LINKS = {"anonymous": 0, "client": 1, "account_manager": 15, "admin": 15}
"""Links that have to be followed at least, so that nobody takes a run for one that only met closed doors.

How many it is, is chance, since all roles change the same rows at the same time (seen: 8 to 20 by clients, who may do
little, 30 to 44 by the others). That each link leads to a row is the business of ``tests/api/schema/test_links.py``.
"""

SCHEDULE = {
    "name": "Daily",
    "report_type": "sample",
    "parameters": {},
    "formats": ["json"],
    "frequency": "daily",
    "day_of_week": None,
    "day_of_month": None,
    "time_of_day": "08:00",
    "timezone": "UTC",
    "recurrence": "",
    "starts_at": "2026-01-01T00:00:00Z",
    "ends_at": None,
    "recipients": ["jane@customer.alpha.example"],
}
WEBHOOK = {
    "url": "https://hooks.customer.alpha.example/made-up",
    "events": ["report.succeeded", "webhook.ping"],
    "description": "Made up",
}


def what_there_is(site: Site, role: str) -> dict[str, Any]:
    """Return what ``answer_checks`` is told."""
    schedules = [home.row(name) for home in (site.alpha, site.bravo) for name in ("schedule", "paused", "errored")]
    reports = [home.row(name) for home in (site.alpha, site.bravo) for name in ("report", "failed", "pending")]
    feeds = CalendarFeed.objects.values_list("pk", flat=True)
    recipients = [home.row(name) for home in (site.alpha, site.bravo) for name in ("recipient", "confirmed")]
    webhooks = [home.row(name) for home in (site.alpha, site.bravo) for name in ("webhook", "disabled")]
    return {
        "foreign": [] if role == "admin" else [*site.bravo.ids(), site.bravo.label],
        "rows": {
            "report-schedules": [str(schedule.pk) for schedule in schedules],
            "reports": [str(report.pk) for report in reports],
            "recipients": [str(recipient.pk) for recipient in recipients],
            "webhooks": [str(webhook.pk) for webhook in webhooks],
            "calendar-feeds": [str(key) for key in feeds],
        },
        "bodies": {
            "report-schedules": {"account": str(site.alpha.account.pk), **SCHEDULE},
            "webhooks": {"account": str(site.alpha.account.pk), **WEBHOOK},
            "calendar-feeds": {"account": str(site.alpha.account.pk)},
        },
    }


def start(role: str, site: Site, folder: Path) -> subprocess.Popen[str]:
    login = [] if role == "anonymous" else ["--auth", f"{role}:{PASSWORD}"]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [str(PUBLISHED), "--url", site.url, *login, "--seed", SEED, "--max-examples", EXAMPLES]
    command += ["--generation-database", "none", "--continue-on-failure", "--no-color"]
    folder.mkdir()
    with (folder / "output.txt").open("w") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(HERE.parents[2]),
                "SCHEMATHESIS_HOOKS": "tests.api.live.answer_checks",
                "SITE": json.dumps(what_there_is(site, role)),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


def test_attack_120_no_answer_breaks_the_promises_of_the_schema(site: Site, tmp_path: Path) -> None:
    runs = {role: start(role, site, tmp_path / role) for role in FEWEST_LINKS}
    try:
        statuses = {role: run.wait() for role, run in runs.items()}
    finally:
        for run in runs.values():
            run.kill()

    print("seed", SEED)  # noqa: T201  # for whoever wants to see the same again
    outputs = {role: (tmp_path / role / "output.txt").read_text() for role in runs}
    assert [outputs[role] for role, status in statuses.items() if status] == []
    for role, output in outputs.items():
        followed = re.search(r"API Links:\s+(\d+) covered", output)
        assert followed, output
        assert int(followed[1]) >= FEWEST_LINKS[role], f"{role}\n{output}"
