"""Reading reports: GET reports/ and reports/{id}/."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from django_report_scheduling.choices import DeliveryStatus, ErrorCode, ReportStatus, Trigger
from django_report_scheduling.models import GeneratedReport, ReportFile, ReportSchedule
from tests.api.callers import calling, client_of
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "/api/v1/reports/"
DAY = dt.timedelta(days=1)


def listed(api: APIClient, query: str = "") -> list[dict[str, Any]]:
    response = api.get(f"{URL}{query}")
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def found(api: APIClient, query: str) -> list[str]:
    return [row["id"] for row in listed(api, query)]


def report_of(schedule: ReportSchedule, *, days: int = 0, **fields: Any) -> GeneratedReport:
    return GeneratedReportFactory(schedule=schedule, slot=NOW - days * DAY, **fields)


def with_files(report: GeneratedReport, *formats: str) -> GeneratedReport:
    for name in formats:
        ReportFile.objects.create(
            report=report, format=name, key=f"secret/{report.pk}.{name}", name=f"r.{name}", content_type="a/b", size=7,
            sha256="0" * 64,
        )  # fmt: skip
    return report


def test_every_field_of_the_contract_is_there(api: APIClient, account: Any, schedule: ReportSchedule) -> None:
    report = report_of(schedule, succeeded=True, formats=["json", "csv"], file_size_bytes=14, generation_time_ms=3)
    with_files(report, "csv", "json")
    DeliveryFactory(report=report, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)

    shown = api.get(f"{URL}{report.pk}").json()

    made = shown.pop("requested_at")
    assert dt.datetime.fromisoformat(made) == report.created_at
    assert made.endswith("Z")
    assert shown == {
        "id": str(report.pk),
        "schedule": str(schedule.pk),
        "schedule_name": "Weekly summary",
        "account": str(account.pk),
        "account_name": account.name,
        "report_type": "sample",
        "report_title": "Sample report",
        "trigger": "schedule",
        "slot": "2026-03-02T07:00:00Z",
        "timezone": "Europe/Berlin",
        "period_start": "2026-02-22T23:00:00Z",
        "period_end": "2026-03-01T23:00:00Z",
        "status": "succeeded",
        "status_text": "",
        "delivery_state": "delivered",
        "attempt": 1,
        "error_code": "",
        "error_message": "",
        "generation_time_ms": 3,
        "file_size_bytes": 14,
        "files": [
            {"format": name, "name": f"r.{name}", "content_type": "a/b", "size": 7, "sha256": "0" * 64}
            for name in ("json", "csv")
        ],
        "started_at": "2026-03-02T07:00:00Z",
        "finished_at": "2026-03-02T07:00:00Z",
        "expires_at": None,
    }


def test_where_a_file_is_stored_is_told_to_nobody(api: APIClient, schedule: ReportSchedule) -> None:
    with_files(report_of(schedule, succeeded=True), "json")

    assert b"secret" not in api.get(URL).content


def test_why_it_did_not_run_is_told_in_words(api: APIClient, schedule: ReportSchedule) -> None:
    report_of(schedule, status=ReportStatus.SKIPPED, status_reason="account_inactive", wake_at=None)

    assert listed(api)[0]["status_text"] == "The account is inactive."


def test_a_report_outlives_its_schedule(api: APIClient, schedule: ReportSchedule) -> None:
    report_of(schedule, succeeded=True)
    schedule.delete()

    (shown,) = listed(api)

    assert (shown["schedule"], shown["schedule_name"], shown["report_title"]) == (None, None, "Sample report")


def test_the_list_has_the_own_accounts_reports_newest_first(api: APIClient, schedule: ReportSchedule) -> None:
    first, second = report_of(schedule), report_of(schedule, days=7)
    GeneratedReportFactory()

    assert found(api, "") == [str(second.pk), str(first.pk)]
    assert found(api, "?ordering=created_at") == [str(first.pk), str(second.pk)]


def test_attack_093_a_preview_is_listed_for_its_requester_alone(
    api: APIClient, manager: Any, account: Any, schedule: ReportSchedule
) -> None:
    preview = report_of(schedule, trigger=Trigger.PREVIEW, requested_by=manager)

    assert found(api, "") == found(api, "?trigger=preview") == [str(preview.pk)]
    assert found(calling(client_of(account)), "?trigger=preview") == []


class TestFilters:
    @pytest.fixture
    def other(self, account: Any) -> ReportSchedule:
        return ReportScheduleFactory(account=account)

    @pytest.fixture
    def rows(self, schedule: ReportSchedule, other: ReportSchedule) -> dict[str, str]:
        made = {
            "new": report_of(schedule),
            "old": report_of(schedule, days=7, status=ReportStatus.FAILED, wake_at=None, error_code=ErrorCode.INTERNAL),
            "manual": report_of(schedule, days=1, trigger=Trigger.MANUAL),
            "other": report_of(other, report_type="gone"),
        }
        return {name: str(report.pk) for name, report in made.items()}

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?account={account}", {"new", "old", "manual", "other"}),
            ("?schedule={schedule}", {"new", "old", "manual"}),
            ("?schedule={other}", {"other"}),
            ("?status=failed", {"old"}),
            ("?trigger=manual", {"manual"}),
            ("?report_type=gone", {"other"}),
            ("?report_type=go", set()),
            ("?slot_after=2026-03-02T07:00:00Z", {"new", "other"}),
            ("?slot_before=2026-03-02T07:00:00Z", {"old", "manual"}),
            ("?slot_after=2026-03-01T08:00:00%2B01:00&slot_before=2026-03-02T07:00:00Z", {"manual"}),
            ("?schedule={schedule}&status=pending", {"new", "manual"}),
        ],
    )
    def test_show_what_they_ask_for(
        self,
        api: APIClient,
        account: Any,
        schedule: ReportSchedule,
        other: ReportSchedule,
        rows: dict[str, str],
        query: str,
        names: set[str],
    ) -> None:
        asked = query.format(account=account.pk, schedule=schedule.pk, other=other.pk)

        assert set(found(api, asked)) == {rows[name] for name in names}

    @pytest.mark.parametrize("name", ["account", "schedule"])
    def test_attack_087_by_a_foreign_row_find_what_a_missing_one_finds(self, api: APIClient, name: str) -> None:
        foreign = GeneratedReportFactory()
        keys = {
            "account": (foreign.account_id, type(foreign.account)().pk or 2**31),
            "schedule": (foreign.schedule_id, uuid.uuid4()),
        }

        hidden, missing = (api.get(f"{URL}?{name}={key}") for key in keys[name])

        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content) == (200, hidden.content)
        assert hidden.json()["results"] == []

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ("?status=done", "status"),
            ("?trigger=", "trigger"),
            ("?schedule=x", "schedule"),
            ("?slot_after=2026-03-02", "slot_after"),
            ("?slot_after=2026-03-02T07:00:00", "slot_after"),
            ("?slot_before=0000-00-00T00:00:00Z", "slot_before"),
            ("?slot_before=0001-01-01T00:00:00%2B14:00", "slot_before"),
            ("?slot=2026-03-02T07:00:00Z", "slot"),
            ("?requested_by__email__startswith=a", "requested_by__email__startswith"),
            ("?status=failed&status=pending", "status"),
        ],
    )
    def test_attack_087_that_say_nothing_we_know_are_refused(self, api: APIClient, query: str, name: str) -> None:
        answer = api.get(f"{URL}{query}")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])

    def test_do_not_apply_to_a_single_report(self, api: APIClient, rows: dict[str, str]) -> None:
        answer = api.get(f"{URL}{rows['new']}/?status=failed")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["status"])


def test_the_number_of_queries_does_not_grow(api: APIClient, account: Any) -> None:
    numbers = []
    for _ in range(2):
        for _schedule in range(2):
            report = with_files(GeneratedReportFactory(schedule__account=account, succeeded=True), "json", "csv")
            DeliveryFactory(report=report)
        with CaptureQueriesContext(connection) as queries:
            listed(api)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_attack_095_nothing_is_counted_or_grouped(api: APIClient, schedule: ReportSchedule) -> None:
    report_of(schedule)

    with CaptureQueriesContext(connection) as queries:
        listed(api, "?status=pending")

    said = " ".join(query["sql"].upper() for query in queries)
    assert "COUNT(" not in said
    assert "GROUP BY" not in said
