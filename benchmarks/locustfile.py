"""The load of ``benchmarks/api.py`` for Locust, for as long and with as many people as wanted.

    pip install -e '.[bench-api,web-analytics]'
    python benchmarks/api.py --serve managers.json     # prints its address
    REPORT_SCHEDULING_MANAGERS=managers.json locust -f benchmarks/locustfile.py --host http://127.0.0.1:PORT

Against a host of your own: a JSON file with a list of ``{"token", "accounts", "schedules", "reports"}``, one for each
manager that may be played, and ``REPORT_SCHEDULING_PREFIX`` where the API is not at ``/api/v1/``.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.serving.requests import NEW_SCHEDULE

PREFIX = os.environ.get("REPORT_SCHEDULING_PREFIX", "/api/v1/")
MANAGERS = itertools.cycle(json.loads(Path(os.environ["REPORT_SCHEDULING_MANAGERS"]).read_text(encoding="utf-8")))


class Manager(HttpUser):  # type: ignore[misc]  # Locust has no types
    """Somebody who looks at schedules often, changes some, and fetches a report now and then."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        """Become the next of the managers."""
        self.manager: dict[str, Any] = next(MANAGERS)
        self.client.headers["Authorization"] = f"Token {self.manager['token']}"

    @task(10)
    def list_schedules(self) -> None:
        """Ask for the first page."""
        self.client.get(f"{PREFIX}report-schedules/", name="list")

    @task(10)
    def retrieve_schedule(self) -> None:
        """Ask for one schedule."""
        self.client.get(self._schedule(), name="retrieve")

    @task(3)
    def rename_schedule(self) -> None:
        """Change a schedule."""
        self.client.patch(self._schedule(), json={"name": f"Weekly {random.random()}"}, name="patch")

    @task(1)
    def create_and_delete_schedule(self) -> None:
        """Set a schedule up and delete it again, because an account may have ten."""
        body = NEW_SCHEDULE | {"account": random.choice(self.manager["accounts"])}
        made = self.client.post(f"{PREFIX}report-schedules/", json=body, name="create")
        if made.status_code == 201:
            self.client.delete(f"{PREFIX}report-schedules/{made.json()['id']}/", name="delete")

    @task(5)
    def download_report(self) -> None:
        """Fetch a file: the redirect and what it leads to."""
        report = random.choice(self.manager["reports"])
        self.client.get(f"{PREFIX}reports/{report}/download/?format=pdf", name="download")

    def _schedule(self) -> str:
        return f"{PREFIX}report-schedules/{random.choice(self.manager['schedules'])}/"
