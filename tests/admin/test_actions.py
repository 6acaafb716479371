"""Actions of the admin go through the services, and hand what is to be done to the broker."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, ReportStatus, Role, ScheduleState
from django_report_scheduling.models import AuditEvent, Delivery, GeneratedReport, ReportFile, ReportSchedule
from tests.admin.staff import browser, choose, page, staff, told
from tests.factories import DeliveryFactory, GeneratedReportFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


@pytest.fixture
def client() -> Client:
    """A superuser's browser."""
    return browser(UserFactory(username="root", is_staff=True, is_superuser=True))


@pytest.fixture
def dispatched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was handed to the broker."""
    handed: list[tuple[str, Any]] = []
    for module in ("reports", "schedules"):
        name = f"django_report_scheduling.admin.{module}.dispatch_report"
        monkeypatch.setattr(name, lambda pk, *, patience: handed.append(("report", pk)))
    name = "django_report_scheduling.admin.reports.dispatch_deliveries"
    monkeypatch.setattr(name, lambda pk, *, patience: handed.append(("deliveries", pk)))
    return handed


class TestSchedules:
    @pytest.mark.parametrize(
        ("action", "before", "after"),
        [("pause", "active", "paused"), ("resume", "paused", "active"), ("reactivate", "errored", "active")],
    )
    def test_move_between_states(self, action: str, before: str, after: str, client: Client) -> None:
        schedule = ReportScheduleFactory(state=before)

        answer = choose(client, "reportschedule", action, schedule)

        schedule.refresh_from_db()
        assert (schedule.state, told(answer)) == (after, ["Done: 1."])
        event = AuditEvent.objects.get(schedule_id=schedule.pk)
        assert (event.verb, event.actor.username if event.actor else "") == (f"schedule.{after}", "root")

    def test_without_an_owner_become_those_of_whoever_resumes_them(self, client: Client) -> None:
        schedule = ReportScheduleFactory(
            state=ScheduleState.PAUSED, state_reason="owner_inactive", created_by=UserFactory(is_active=False)
        )
        shown = client.get(page("reportschedule_change", schedule.pk)).content.decode()
        assert "The person who owns the schedule has been deactivated." in shown

        assert told(choose(client, "reportschedule", "resume", schedule)) == ["Done: 1."]

        schedule.refresh_from_db()
        assert (schedule.state, schedule.created_by) == (ScheduleState.ACTIVE, root())

    def test_of_an_inactive_account_are_not_resumed_and_it_is_told_why(self, client: Client) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.PAUSED, account__active=False)

        (message,) = told(choose(client, "reportschedule", "resume", schedule))

        assert "is inactive: no reports are made for it. Activate it first." in message

    @pytest.mark.parametrize("action", ["pause", "resume", "reactivate"])
    def test_of_the_wrong_state_are_told_by_name_and_hold_up_no_others(self, action: str, client: Client) -> None:
        fitting = {"pause": "active", "resume": "paused", "reactivate": "errored"}[action]
        wrong = ReportScheduleFactory(name="<b>Wrong</b>", state=ScheduleState.ENDED)
        right = ReportScheduleFactory(state=fitting)

        answer = choose(client, "reportschedule", action, wrong, right)

        messages = told(answer)
        assert answer.status_code == 200
        assert any(message.startswith("<b>Wrong</b>: The schedule is Ended") for message in messages)
        assert "<b>Wrong</b>" not in answer.content.decode()
        assert "Done: 1." in messages

    def test_are_run_now_and_handed_to_the_broker_after_the_commit(
        self,
        client: Client,
        dispatched: list[tuple[str, Any]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        schedule = ReportScheduleFactory()

        with django_capture_on_commit_callbacks(execute=True):
            choose(client, "reportschedule", "run_once", schedule)
            assert dispatched == []

        report = GeneratedReport.objects.get()
        assert (report.schedule, report.trigger, report.requested_by) == (schedule, "manual", root())
        assert dispatched == [("report", report.pk)]

    def test_of_an_inactive_account_are_not_run(self, client: Client, dispatched: list[tuple[str, Any]]) -> None:
        answer = choose(client, "reportschedule", "run_once", ReportScheduleFactory(account__active=False))

        assert "is inactive" in told(answer)[0]
        assert not GeneratedReport.objects.exists()

    def test_with_a_broken_rule_are_told(self, client: Client) -> None:
        schedule = ReportScheduleFactory()
        ReportSchedule.objects.update(timezone="Europe/Nowhere")

        assert "Europe/Nowhere" in told(choose(client, "reportschedule", "run_once", schedule))[0]

    def test_attack_107_only_administrators_reactivate(self) -> None:
        schedule = ReportScheduleFactory(state=ScheduleState.ERRORED)
        manager = staff("view_reportschedule", "change_reportschedule")
        grant(account=schedule.account, holder=manager, role=Role.ACCOUNT_MANAGER)

        choose(browser(manager), "reportschedule", "reactivate", schedule)

        schedule.refresh_from_db()
        assert schedule.state == ScheduleState.ERRORED

    @pytest.mark.parametrize("codenames", [["view_reportschedule"], ["view_reportschedule", "change_reportschedule"]])
    @pytest.mark.parametrize("action", ["pause", "run_once"])
    def test_attack_107_staff_act_only_with_permission_and_role(self, action: str, codenames: list[str]) -> None:
        schedule = ReportScheduleFactory()
        user = staff(*codenames)
        if len(codenames) == 1:
            grant(account=schedule.account, holder=user, role=Role.ACCOUNT_MANAGER)

        choose(browser(user), "reportschedule", action, schedule)

        schedule.refresh_from_db()
        assert schedule.state == ScheduleState.ACTIVE
        assert not GeneratedReport.objects.exists()

    def test_attack_107_are_not_acted_on_without_the_token_or_by_a_link(self) -> None:
        schedule = ReportScheduleFactory()
        client = browser(UserFactory(is_staff=True, is_superuser=True), csrf=True)
        data = {"action": "pause", "_selected_action": [schedule.pk]}

        assert client.post(page("reportschedule_changelist"), data).status_code == 403
        client.get(page("reportschedule_changelist"), data)

        schedule.refresh_from_db()
        assert schedule.state == ScheduleState.ACTIVE


class TestReports:
    def test_are_retried_and_handed_to_the_broker(
        self,
        client: Client,
        dispatched: list[tuple[str, Any]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        report = GeneratedReportFactory(status=ReportStatus.FAILED, wake_at=None)

        with django_capture_on_commit_callbacks(execute=True):
            choose(client, "generatedreport", "retry", report)

        report.refresh_from_db()
        assert report.status == ReportStatus.PENDING
        assert AuditEvent.objects.get().actor == root()
        assert dispatched == [("report", report.pk)]

    def test_are_redelivered_and_handed_to_the_broker(
        self,
        client: Client,
        dispatched: list[tuple[str, Any]],
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        delivery = DeliveryFactory(status=DeliveryStatus.FAILED, wake_at=None)

        with django_capture_on_commit_callbacks(execute=True):
            choose(client, "generatedreport", "redeliver_failed", delivery.report)

        assert Delivery.objects.get().status == DeliveryStatus.PENDING
        assert dispatched == [("deliveries", delivery.report_id)]

    def test_are_cancelled(self, client: Client) -> None:
        report = GeneratedReportFactory(running=True)

        choose(client, "generatedreport", "cancel", report)

        report.refresh_from_db()
        assert report.status == ReportStatus.CANCELLED

    @pytest.mark.parametrize(
        ("action", "trait"), [("retry", "running"), ("redeliver_failed", "running"), ("cancel", "succeeded")]
    )
    def test_of_the_wrong_state_are_told(self, action: str, trait: str, client: Client) -> None:
        report = GeneratedReportFactory(**{trait: True})

        answer = choose(client, "generatedreport", action, report)

        assert answer.status_code == 200
        assert "Only a report that" in told(answer)[0]

    @pytest.mark.parametrize("action", ["retry", "redeliver_failed", "cancel"])
    @pytest.mark.parametrize(
        ("role", "codenames"),
        [
            (Role.ACCOUNT_MANAGER, ["view_generatedreport"]),
            (Role.CLIENT, ["view_generatedreport", "change_generatedreport"]),
            (None, ["view_generatedreport", "change_generatedreport"]),
        ],
    )
    def test_attack_107_staff_act_only_with_permission_and_role(
        self, role: Role | None, codenames: list[str], action: str
    ) -> None:
        report = GeneratedReportFactory()
        user = staff(*codenames)
        if role:
            grant(account=report.account, holder=user, role=role)

        choose(browser(user), "generatedreport", action, report)

        report.refresh_from_db()
        assert report.status == ReportStatus.PENDING
        assert not AuditEvent.objects.exists()

    def test_of_an_account_that_they_manage_staff_act_on(self) -> None:
        report = GeneratedReportFactory()
        manager = staff("view_generatedreport", "change_generatedreport")
        grant(account=report.account, holder=manager, role=Role.ACCOUNT_MANAGER)

        choose(browser(manager), "generatedreport", "cancel", report)

        report.refresh_from_db()
        assert report.status == ReportStatus.CANCELLED


class TestAccounts:
    @pytest.fixture
    def report(self, report_storage: InMemoryStorage) -> GeneratedReport:
        report = GeneratedReportFactory(succeeded=True)
        key = report_storage.save(f"reports/{report.account_id}/{report.pk}/1.json", ContentFile(b"x"))
        ReportFile.objects.create(
            report=report, format="json", key=key, name="n", content_type="a/b", size=1, sha256="0"
        )
        return report

    @pytest.mark.parametrize("chosen", [False, True], ids=["on its page", "in the list"])
    def test_are_deleted_by_superusers_with_reports_and_files(
        self, chosen: bool, client: Client, report: GeneratedReport, report_storage: InMemoryStorage
    ) -> None:
        if chosen:
            choose(client, "account", "delete_selected", report.account, post="yes")
        else:
            client.post(page("account_delete", report.account_id), {"post": "yes"})

        assert not type(report.account).objects.exists()
        assert not GeneratedReport.objects.exists()
        assert not report_storage.exists(f"reports/{report.account_id}/{report.pk}/1.json")
        assert AuditEvent.objects.get(verb="account.deleted").actor == root()
        assert LogEntry.objects.get().is_deletion()

    def test_attack_107_are_not_deleted_by_others_as_long_as_there_are_reports(self, report: GeneratedReport) -> None:
        user = staff("delete_account", "view_account", "delete_generatedreport", "administer_reports")

        browser(user).post(page("account_delete", report.account_id), {"post": "yes"})

        assert GeneratedReport.objects.exists()

    @pytest.mark.parametrize("chosen", [False, True], ids=["on its page", "in the list"])
    def test_are_kept_when_a_file_cannot_be_deleted(
        self,
        chosen: bool,
        client: Client,
        report: GeneratedReport,
        report_storage: InMemoryStorage,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def delete(name: str) -> None:
            raise PermissionError

        monkeypatch.setattr(report_storage, "delete", delete)

        if chosen:
            answer = choose(client, "account", "delete_selected", report.account, post="yes")
        else:
            answer = client.post(page("account_delete", report.account_id), {"post": "yes"}, follow=True)

        assert "the account was kept" in told(answer)[0]
        assert GeneratedReport.objects.get().status == ReportStatus.SUCCEEDED
        assert not LogEntry.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_are_deleted_without_a_transaction_that_is_open_while_the_storage_works(
        self,
        client: Client,
        report: GeneratedReport,
        report_storage: InMemoryStorage,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        open_ones: list[bool] = []
        monkeypatch.setattr(report_storage, "delete", lambda _name: open_ones.append(connection.in_atomic_block))

        client.post(page("account_delete", report.account_id), {"post": "yes"})

        assert set(open_ones) == {False}

    def test_are_not_deleted_without_the_token_of_the_form(self, client: Client, report: GeneratedReport) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(root())

        answer = strict.post(page("account_delete", report.account_id), {"post": "yes"})

        assert answer.status_code == 403
        assert GeneratedReport.objects.exists()


def root() -> Any:
    return type(UserFactory.build()).objects.get(username="root")
