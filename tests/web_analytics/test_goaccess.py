"""The totals are those of goaccess, the yardstick that many know."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import pytest

from django_report_scheduling.contrib.web_analytics.access_log.source import open_log
from django_report_scheduling.contrib.web_analytics.importing import import_access_log
from django_report_scheduling.models import Account
from django_report_scheduling.period import Period
from tests.web_analytics.conftest import REAL_LOG, SAMPLE_LOG, AskReport, day, rows

GOACCESS = shutil.which("goaccess")
needs_goaccess = pytest.mark.skipif(GOACCESS is None, reason="goaccess is not installed (apt install goaccess)")

TOTALS = ("hits", "bytes", "visitors")
SAMPLE_PERIOD = day(2026, 3, 2, length=7)
REAL_PERIOD = day(2015, 5, 11, length=14)


def ours(log: Path, period: Period, account: Account, ask: AskReport) -> dict[str, Any]:
    with open_log(str(log), None) as stream:  # type: ignore[arg-type] # no standard input here
        import_access_log(stream=stream, account_id=str(account.pk))
    metrics = ask("performance_summary", period).metrics
    return {
        "hits": metrics["hits"],
        "bytes": metrics["bytes"],
        "visitors": metrics["visitors"],
        "statuses": {row[0]: row[2] for row in rows(ask("traffic_analysis", period), "status_codes")},
        "days": {
            f"{row[0]:%Y%m%d}": (row[4], row[2], row[5])  # type: ignore[str-bytes-safe] # a date
            for row in rows(ask("performance_summary", period), "by_day")
            if row[4]
        },
    }


def theirs(log: Path, folder: Path) -> dict[str, Any]:
    report = folder / "goaccess.json"
    assert GOACCESS is not None
    options = ["--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", str(report)]
    if log.suffix == ".gz":
        unpacked = folder / "access.log"
        with open_log(str(log), None) as stream:  # type: ignore[arg-type] # no standard input here
            unpacked.write_bytes(stream.read())
        log = unpacked
    command = [GOACCESS, str(log), *options]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    told = json.loads(report.read_text())
    general = told["general"]
    assert general["failed_requests"] == 0
    return {
        "hits": general["valid_requests"],
        "bytes": general["bandwidth"],
        "visitors": general["unique_visitors"],
        "statuses": {
            int(code["data"][:3]): code["hits"]["count"]
            for family in told["status_codes"]["data"]
            for code in family["items"]
        },
        "days": {
            item["data"]: (item["hits"]["count"], item["visitors"]["count"], item["bytes"]["count"])
            for item in told["visitors"]["data"]
        },
    }


@needs_goaccess
@pytest.mark.parametrize(
    ("log", "period"), [(SAMPLE_LOG, SAMPLE_PERIOD), (REAL_LOG, REAL_PERIOD)], ids=["small", "real"]
)
def test_goaccess_counts_the_same(log: Path, period: Period, account: Account, ask: AskReport, tmp_path: Path) -> None:
    assert ours(log, period, account, ask) == theirs(log, tmp_path)


@needs_goaccess
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo"])
def test_goaccess_counts_the_same_whatever_the_zone_of_the_schedule(
    zone: str, account: Account, ask: AskReport, tmp_path: Path
) -> None:
    counted = theirs(REAL_LOG, tmp_path)
    may = day(2015, 5, 1, zone=zone, length=31)
    with open_log(str(REAL_LOG), None) as stream:  # type: ignore[arg-type] # no standard input here
        import_access_log(stream=stream, account_id=str(account.pk))

    reports = {key: ask(key, may) for key in ("performance_summary", "traffic_analysis", "conversion_report")}

    for content in reports.values():
        assert {name: content.metrics[name] for name in TOTALS} == {name: counted[name] for name in TOTALS}
    traffic = reports["traffic_analysis"]
    assert {row[0]: row[2] for row in rows(traffic, "status_codes")} == counted["statuses"]
    assert sum(cast("int", row[-1]) for row in rows(traffic, "client_kinds")) == counted["visitors"]


@needs_goaccess
@pytest.mark.parametrize("offset", ["-0700", "+0900"])
def test_goaccess_counts_the_same_whatever_the_zone_of_the_log(
    offset: str, account: Account, ask: AskReport, tmp_path: Path
) -> None:
    log = tmp_path / "shifted.log"
    log.write_text(SAMPLE_LOG.read_text().replace("+0000]", f"{offset}]"))

    counted, expected = ours(log, SAMPLE_PERIOD, account, ask), theirs(log, tmp_path)

    assert {name: counted[name] for name in TOTALS} == {name: expected[name] for name in TOTALS}


def test_the_small_log_counts_what_goaccess_counted_once(account: Account, ask: AskReport) -> None:
    assert ours(SAMPLE_LOG, SAMPLE_PERIOD, account, ask) == {
        "hits": 19,
        "bytes": 36945,
        "visitors": 7,
        "statuses": {200: 10, 206: 1, 301: 1, 303: 1, 304: 2, 400: 1, 404: 1, 408: 1, 500: 1},
        "days": {"20260304": (16, 5, 32667), "20260305": (3, 2, 4278)},
    }


def test_the_real_log_counts_what_goaccess_counted_once(account: Account, ask: AskReport) -> None:
    counted = ours(REAL_LOG, REAL_PERIOD, account, ask)

    assert counted["hits"] == 10_000
    assert counted["bytes"] == 2_747_282_740
    assert counted["visitors"] == 2095
    assert counted["statuses"] == {200: 9126, 206: 45, 301: 164, 304: 445, 403: 2, 404: 213, 416: 2, 500: 3}
    assert [visitors for _hits, visitors, _bytes in counted["days"].values()] == [359, 643, 570, 523]
