"""What people do with a report: POST reports/{id}/retry/, cancel/ and redeliver/."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from django_report_scheduling.api.reports import actions
from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportFile, ReportSchedule
from tests.api.callers import calling, client_of
from tests.api.dispatched import note_messages
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "report_storage")]

ALL = pytest.mark.parametrize("act", ["retry", "cancel", "redeliver"])


def post(api: APIClient, report: GeneratedReport, act: str, **more: Any) -> Any:
    return api.post(f"/api/v1/reports/{report.pk}/{act}/", **more)


@pytest.fixture
def failed(schedule: ReportSchedule) -> GeneratedReport:
    return GeneratedReportFactory(schedule=schedule, status=ReportStatus.FAILED, wake_at=None, finished_at=NOW)


@pytest.fixture
def succeeded(schedule: ReportSchedule) -> GeneratedReport:
    """It reached one of two."""
    report = GeneratedReportFactory(schedule=schedule, succeeded=True)
    DeliveryFactory(report=report, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)
    DeliveryFactory(report=report, target="b@customer.example", status=DeliveryStatus.FAILED, wake_at=None)
    return report


class TestRetry:
    def test_opens_the_same_report_again(self, api: APIClient, manager: Any, failed: GeneratedReport) -> None:
        answer = post(api, failed, "retry")

        assert (answer.status_code, answer.json()["id"], answer.json()["status"]) == (202, str(failed.pk), "pending")
        assert answer.json() == api.get(f"/api/v1/reports/{failed.pk}/").json()
        assert AuditEvent.objects.get(verb="report.retried").actor == manager

    def test_hands_it_to_the_workers_after_the_commit(
        self,
        api: APIClient,
        failed: GeneratedReport,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        sent = note_messages(monkeypatch)

        with django_capture_on_commit_callbacks(execute=True):
            post(api, failed, "retry")
            assert sent == []

        assert sent == [str(failed.pk)]

    def test_is_put_off_while_the_storage_does_not_answer(
        self, api: APIClient, succeeded: GeneratedReport, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = f"reports/{succeeded.account_id}/{succeeded.pk}/1.pdf"
        ReportFile.objects.create(report=succeeded, format="pdf", key=key, name="a.pdf", size=1, sha256="0")

        def fail(self: InMemoryStorage, name: str) -> bool:
            raise ConnectionError(name)

        monkeypatch.setattr(InMemoryStorage, "exists", fail)

        response = post(api, succeeded, "retry")

        assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")

    def test_is_refused_for_one_that_is_under_way(self, api: APIClient, schedule: ReportSchedule) -> None:
        answer = post(api, GeneratedReportFactory(schedule=schedule), "retry")

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


class TestCancel:
    def test_ends_a_report_that_has_not_finished(self, api: APIClient, manager: Any, schedule: ReportSchedule) -> None:
        report = GeneratedReportFactory(schedule=schedule, running=True)

        answer = post(api, report, "cancel")

        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
        assert answer.json()["status_text"] == "Somebody cancelled it."
        assert AuditEvent.objects.get().actor == manager

    def test_is_refused_for_one_that_has_finished(self, api: APIClient, succeeded: GeneratedReport) -> None:
        assert post(api, succeeded, "cancel").json()["code"] == "wrong_state"


class TestRedeliver:
    def test_says_how_many_get_it_again(self, api: APIClient, succeeded: GeneratedReport) -> None:
        first, second = (post(api, succeeded, "redeliver") for _ in range(2))

        assert (first.status_code, first.json()) == (202, {"deliveries": 1})
        assert (second.status_code, second.json()) == (202, {"deliveries": 0})
        assert Delivery.objects.filter(status=DeliveryStatus.SENT).count() == 1

    def test_hands_them_to_the_workers_after_the_commit(
        self,
        api: APIClient,
        succeeded: GeneratedReport,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        sent = note_messages(monkeypatch)

        with django_capture_on_commit_callbacks(execute=True):
            post(api, succeeded, "redeliver")
            assert sent == []

        assert sent == [str(Delivery.objects.get(target="b@customer.example").pk)]

    def test_is_refused_for_one_without_files(self, api: APIClient, failed: GeneratedReport) -> None:
        assert post(api, failed, "redeliver").json()["code"] == "wrong_state"


class TestEveryAction:
    @ALL
    @pytest.mark.parametrize(("body", "field"), [('{"status": "succeeded"}', "status"), ("[1]", "non_field_errors")])
    def test_attack_090_a_body_that_says_something_is_refused(
        self, api: APIClient, failed: GeneratedReport, act: str, body: str, field: str
    ) -> None:
        answer = post(api, failed, act, data=body, content_type="application/json")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])

    @ALL
    def test_a_query_parameter_is_refused(self, api: APIClient, failed: GeneratedReport, act: str) -> None:
        answer = api.post(f"/api/v1/reports/{failed.pk}/{act}/?force=1")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["force"])

    @ALL
    def test_a_client_is_refused_before_anything_is_read(self, account: Any, failed: GeneratedReport, act: str) -> None:
        answer = post(calling(client_of(account)), failed, act, data="{", content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")

    @ALL
    def test_a_report_that_was_purged_while_the_request_came_in_is_not_found(
        self, api: APIClient, failed: GeneratedReport, act: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = actions.require_empty

        def purge_meanwhile(request: Any) -> None:
            read(request)
            GeneratedReport.objects.all().delete()

        monkeypatch.setattr(actions, "require_empty", purge_meanwhile)

        answer = post(api, failed, act)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
