from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.contrib.web_analytics import reports as report_module
from django_report_scheduling.contrib.web_analytics.importing import ImportResult, import_access_log
from django_report_scheduling.models import Account
from django_report_scheduling.period import Period
from django_report_scheduling.reports import AccountProfile, ReportContent, ReportRequest, registry
from tests.factories import AccountFactory

REAL_LOG = Path(__file__).resolve().parents[2] / "example_project/data/apache_access.log.gz"
SAMPLE_LOG = Path(__file__).resolve().parent / "sample_access.log"

ImportLines = Callable[..., ImportResult]
AskReport = Callable[..., ReportContent]


@pytest.fixture
def account(db: None) -> Account:
    return AccountFactory.create()


@pytest.fixture
def import_lines(account: Account) -> ImportLines:
    """Imports lines of text for the account of the test."""

    def do_import(*lines: str, **options: object) -> ImportResult:
        stream = io.BytesIO("".join(f"{line}\n" for line in lines).encode())
        return import_access_log(stream=stream, **{"account_id": str(account.pk), **options})  # type: ignore[arg-type] # options of the test

    return do_import


def day(year: int, month: int, number: int, *, zone: str = "UTC", length: int = 1) -> Period:
    start = dt.datetime(year, month, number, tzinfo=ZoneInfo(zone))
    return Period(start=start, end=start + dt.timedelta(days=length))


@pytest.fixture
def ask(account: Account) -> AskReport:
    """Asks a registered report type about the account of the test."""

    def query(key: str, period: Period, **parameters: object) -> ReportContent:
        assert report_module
        report = registry.get(key)
        length = period.end - period.start
        return report.query(
            ReportRequest(
                account=AccountProfile(id=str(account.pk), slug=account.slug, name=account.name),
                period=period,
                previous_period=Period(start=period.start - length, end=period.start),
                parameters=report.parameters.parse(parameters),
                generated_at=period.end,
            )
        )

    return query


def rows(content: ReportContent, key: str) -> list[tuple[object, ...]]:
    """Return the rows of the table of this key."""
    (table,) = [table for table in content.tables if table.key == key]
    return [tuple(row) for row in table.rows]
