"""A customer's program, which knows nothing but the client that was generated from our description of the API.

Arguments: address of the server, user name, password, file to write the report to. Prints what it saw, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import httpx
from reports_client import AuthenticatedClient
from reports_client.api.report_accounts import report_accounts_list
from reports_client.api.report_schedules import report_schedules_create, report_schedules_run
from reports_client.api.reports import reports_download, reports_retrieve
from reports_client.models.paginated_report_account_list import PaginatedReportAccountList
from reports_client.models.report import Report
from reports_client.models.report_frequency import ReportFrequency
from reports_client.models.report_schedule import ReportSchedule
from reports_client.models.report_schedule_request import ReportScheduleRequest
from reports_client.models.report_status import ReportStatus

PATIENCE = 120
url, user, password, output = sys.argv[1:]
token = b64encode(f"{user}:{password}".encode()).decode()
client = AuthenticatedClient(base_url=url, token=token, prefix="Basic", raise_on_unexpected_status=True)

accounts = report_accounts_list.sync(client=client)
assert isinstance(accounts, PaginatedReportAccountList)
(account,) = accounts.results

wish = ReportScheduleRequest(
    account=account.id,
    name="From the outside",
    report_type="sample",
    frequency=ReportFrequency.WEEKLY,
    day_of_week=0,
    time_of_day="08:00",
    timezone="Europe/Berlin",
    formats=["pdf", "json"],
)
schedule = report_schedules_create.sync(client=client, body=wish)
assert isinstance(schedule, ReportSchedule)

key = str(uuid4())
report = report_schedules_run.sync(schedule.id, client=client, idempotency_key=key)
again = report_schedules_run.sync(schedule.id, client=client, idempotency_key=key)
assert isinstance(report, Report)
assert isinstance(again, Report)

deadline = time.monotonic() + PATIENCE
while report.status in {ReportStatus.PENDING, ReportStatus.QUEUED, ReportStatus.RUNNING}:
    assert time.monotonic() < deadline, report
    time.sleep(0.1)
    found = reports_retrieve.sync(report.id, client=client)
    assert isinstance(found, Report)
    report = found

way = reports_download.sync_detailed(report.id, client=client, format_="pdf")
file = httpx.get(httpx.URL(url).join(way.headers["Location"])).raise_for_status()
Path(output).write_bytes(file.content)
print(  # noqa: T201  # read by the test
    json.dumps(
        {
            "role": account.role.value,
            "same report": again.id == report.id,
            "status": report.status.value,
            "files": [part.format_ for part in report.files],
            "way": way.status_code,
            "type": file.headers["Content-Type"],
            "sha256": next(part.sha256 for part in report.files if part.format_ == "pdf"),
        }
    )
)
