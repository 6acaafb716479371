"""The admin: it shows everything as text, changes only what people own, and saves through the services."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import django
import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus, PauseReason, ReportStatus, ScheduleState
from django_report_scheduling.exceptions import LimitReached
from django_report_scheduling.models import Account, AuditEvent, GeneratedReport, ReportFile, ReportSchedule
from tests.factories import (
    NOW,
    AccountFactory,
    CalendarFeedFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    RecipientConsentFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookEndpointFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

HOSTILE = "<script>alert(1)</script>"
MODELS = [
    "account",
    "reportschedule",
    "generatedreport",
    "auditevent",
    "recipientconsent",
    "webhookendpoint",
    "calendarfeed",
]
SYSTEM_OWNED = ["generatedreport", "auditevent", "recipientconsent", "webhookendpoint"]


@pytest.fixture
def client() -> Client:
    """A superuser's browser."""
    client = Client()
    client.force_login(UserFactory(username="root", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def rows() -> dict[str, Any]:
    """One row of each model, with hostile text wherever a person can write."""
    account = AccountFactory(name=HOSTILE, slug="hostile")
    schedule = ReportScheduleFactory(account=account, name=HOSTILE, state_reason=HOSTILE, recipients=[HOSTILE])
    report = GeneratedReportFactory(
        schedule=schedule, succeeded=True, report_type=HOSTILE, error_message=HOSTILE, parameters={"a": HOSTILE}
    )
    ReportFile.objects.create(
        report=report, format="pdf", key="k", name=HOSTILE, content_type="a/b", size=1, sha256="0"
    )
    DeliveryFactory(report=report, target=HOSTILE, error_message=HOSTILE)
    event = AuditEvent.objects.create(
        at=NOW, actor=UserFactory(username=HOSTILE), verb=HOSTILE, object_type=HOSTILE, object_id=HOSTILE,
        data={"reason": HOSTILE},
    )  # fmt: skip
    webhook = WebhookEndpointFactory(account=account, url=f"https://{HOSTILE}/", description=HOSTILE, events=[HOSTILE])
    return {
        "account": account, "reportschedule": schedule, "generatedreport": report, "auditevent": event,
        "webhookendpoint": webhook, "calendarfeed": CalendarFeedFactory(account=account, owner__username=f"{HOSTILE}2"),
        "recipientconsent": RecipientConsentFactory(account=account, address=HOSTILE),
    }  # fmt: skip


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:report_scheduling_{name}", args=args)


def form_data(of: Any, /, **changes: Any) -> dict[str, Any]:
    """What a browser sends for a good new schedule."""
    data = {
        "account": of.pk, "name": "Weekly summary", "report_type": "sample", "parameters": "{}",
        "formats": '["json"]', "frequency": "weekly", "day_of_week": "0", "day_of_month": "", "time_of_day": "08:00",
        "timezone": "Europe/Berlin", "recurrence": "", "starts_at_0": "2026-01-01", "starts_at_1": "00:00",
        "ends_at_0": "", "ends_at_1": "", "recipients": '["jane@customer.example"]', "misfire_policy": "latest",
        "misfire_grace": "01:00:00",
    }  # fmt: skip
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200, "the form should have been shown again"
    return dict(response.context["adminform"].form.errors)


@pytest.mark.parametrize("model", MODELS)
def test_every_list_is_shown_with_hostile_names_as_text(model: str, client: Client, rows: dict[str, Any]) -> None:
    body = client.get(page(f"{model}_changelist")).content.decode()

    assert HOSTILE not in body
    assert html.escape(HOSTILE) in body


@pytest.mark.parametrize("model", MODELS)
def test_every_row_is_shown_with_hostile_names_as_text(model: str, client: Client, rows: dict[str, Any]) -> None:
    response = client.get(page(f"{model}_change", rows[model].pk))

    assert response.status_code == 200
    assert HOSTILE not in response.content.decode()
    assert html.escape(HOSTILE) in response.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_searched_with_anything(model: str, client: Client, rows: dict[str, Any]) -> None:
    for query in (HOSTILE, "x", "018f0000-0000-7000-8000-000000000001", "%", "' OR 1=1 --"):
        assert client.get(page(f"{model}_changelist"), {"q": query}).status_code == 200


@pytest.mark.parametrize("model", ["account", "reportschedule"])
def test_the_form_for_a_new_row_is_shown(model: str, client: Client) -> None:
    assert client.get(page(f"{model}_add")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_the_history_and_the_start_page_are_shown(model: str, client: Client, rows: dict[str, Any]) -> None:
    assert client.get(page(f"{model}_history", rows[model].pk)).status_code == 200
    assert client.get(reverse("admin:app_list", args=["report_scheduling"])).status_code == 200


@pytest.mark.parametrize(
    ("model", "factory"), [("reportschedule", ReportScheduleFactory), ("generatedreport", GeneratedReportFactory)]
)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(model: str, factory: Any, client: Client) -> None:
    factory()
    client.get(page(f"{model}_changelist"))
    with CaptureQueriesContext(connection) as few:
        client.get(page(f"{model}_changelist"))
    factory.create_batch(5)
    with CaptureQueriesContext(connection) as many:
        client.get(page(f"{model}_changelist"))

    assert len(many) == len(few)


@pytest.mark.parametrize("model", SYSTEM_OWNED)
def test_what_the_system_owns_can_be_looked_at_and_nothing_else(
    model: str, client: Client, rows: dict[str, Any]
) -> None:
    row = rows[model]

    assert client.get(page(f"{model}_add")).status_code == 403
    assert client.post(page(f"{model}_add"), {}).status_code == 403
    assert client.post(page(f"{model}_change", row.pk), {"verb": "x", "status": "failed"}).status_code == 403
    assert client.post(page(f"{model}_delete", row.pk), {"post": "yes"}).status_code == 403
    client.post(page(f"{model}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert type(row).objects.filter(pk=row.pk).exists()
    assert b'name="_save"' not in client.get(page(f"{model}_change", row.pk)).content


class TestAdd:
    """A new schedule."""

    def test_is_made_by_the_service(self, client: Client) -> None:
        account = AccountFactory()

        response = client.post(page("reportschedule_add"), form_data(account, parameters='{"rows": "7"}'))

        assert response.status_code == 302, errors_of(response)
        row = ReportSchedule.objects.get()
        assert row.next_run_at is not None
        assert row.next_run_at > dt.datetime.now(dt.UTC)
        assert (row.account, row.state, row.parameters) == (account, ScheduleState.ACTIVE, {"rows": 7})
        assert row.created_by is not None
        assert row.created_by.username == "root"
        event = AuditEvent.objects.get()
        assert (event.verb, event.schedule_id, event.actor) == ("schedule.created", row.pk, row.created_by)
        assert LogEntry.objects.get().object_id == str(row.pk)

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("name", "", "required"),
            ("name", "a\x00b", "Null characters"),
            ("name", "a\u2028b", "control characters"),
            ("report_type", "nothing", "No report type"),
            ("parameters", "{", "valid JSON"),
            ("parameters", "[]", "must be an object"),
            ("parameters", '{"rows": 0}', "greater than or equal to 1"),
            ("parameters", '{"nothing": 0}', "Unknown parameter"),
            ("formats", "pdf", "valid JSON"),
            ("formats", '"pdf"', "Name at least one format"),
            ("formats", '["docx"]', "Unknown format docx"),
            ("formats", "[[1]]", "Unknown format"),
            ("frequency", "hourly", "valid choice"),
            ("day_of_week", "", "needs a day of the week"),
            ("day_of_week", "9", "valid choice"),
            ("day_of_month", "5", "leave it empty"),
            ("time_of_day", "late", "valid time"),
            ("timezone", "Berlin", "Europe/Berlin"),
            ("recurrence", "FREQ=DAILY", "leave it empty"),
            ("recipients", "{", "valid JSON"),
            ("recipients", "5", "must be a list"),
            ("recipients", "[5]", "mail address as text"),
            ("recipients", '["a@evil.example"]', "may not receive"),
            ("misfire_grace", "-1", "0 to 366 days"),
            ("misfire_grace", "999999999 00:00:00", "0 to 366 days"),
            ("account", "", "required"),
            ("account", "018f0000-0000-7000-8000-000000000001", "valid choice"),
            ("account", "1", "valid UUID" if django.VERSION < (6, 0) else "valid choice"),
        ],
    )
    def test_attack_060_is_refused_in_the_form(self, field: str, value: str, message: str, client: Client) -> None:
        response = client.post(page("reportschedule_add"), form_data(AccountFactory(), **{field: value}))

        assert message in " ".join(errors_of(response)[field])
        assert not ReportSchedule.objects.exists()
        assert not AuditEvent.objects.exists()

    def test_that_would_never_run_is_refused_in_the_form(self, client: Client) -> None:
        data = form_data(AccountFactory(), ends_at_0="2026-02-01", ends_at_1="00:00")

        assert "would never run" in " ".join(errors_of(client.post(page("reportschedule_add"), data))["ends_at"])

    def test_beyond_the_limit_is_refused_in_the_form(self, client: Client, settings: Settings) -> None:
        settings.REPORT_SCHEDULING = {"MAX_SCHEDULES_PER_ACCOUNT": 1}
        account = ReportScheduleFactory().account

        response = client.post(page("reportschedule_add"), form_data(account))

        assert "already has 1 schedules" in " ".join(errors_of(response)["account"])

    def test_that_loses_a_race_is_told_as_a_message(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def create(**_: Any) -> None:
            raise LimitReached

        monkeypatch.setattr("django_report_scheduling.admin.schedules.create_schedule", create)

        response = client.post(page("reportschedule_add"), form_data(AccountFactory()), follow=True)

        assert response.status_code == 200
        assert "The account has reached its limit." in response.content.decode()
        assert not ReportSchedule.objects.exists()

    def test_cannot_set_what_the_system_owns(self, client: Client) -> None:
        data = form_data(AccountFactory(), state="errored", consecutive_failures="9", next_run_at="2020-01-01")

        client.post(page("reportschedule_add"), data)

        row = ReportSchedule.objects.get()
        assert (row.state, row.consecutive_failures) == (ScheduleState.ACTIVE, 0)


class TestChange:
    """A schedule that exists."""

    @staticmethod
    def data(row: ReportSchedule, **changes: Any) -> dict[str, Any]:
        return form_data(row.account, **{"account": None, "recipients": '["client@customer.example"]', **changes})

    def test_is_changed_by_the_service(self, client: Client) -> None:
        row = ReportScheduleFactory()

        response = client.post(page("reportschedule_change", row.pk), self.data(row, name="Other", time_of_day="09:00"))

        assert response.status_code == 302, errors_of(response)
        row.refresh_from_db()
        assert (row.name, row.time_of_day) == ("Other", dt.time(9))
        assert row.next_run_at is not None
        assert row.next_run_at > dt.datetime.now(dt.UTC)
        event = AuditEvent.objects.get(verb="schedule.updated")
        assert {"name", "time_of_day"} <= set(event.data["fields"])

    def test_keeps_its_next_run_when_only_its_name_changes(self, client: Client) -> None:
        row = ReportScheduleFactory(misfire_grace=dt.timedelta(hours=1))
        data = self.data(
            row,
            name="Other",
            starts_at_0=row.starts_at.date().isoformat(),
            starts_at_1=row.starts_at.time().isoformat(),
        )

        assert client.post(page("reportschedule_change", row.pk), data).status_code == 302

        row.refresh_from_db()
        assert (row.name, row.next_run_at) == ("Other", NOW)

    def test_attack_089_never_moves_to_another_account(self, client: Client) -> None:
        row, other = ReportScheduleFactory(), AccountFactory()

        client.post(page("reportschedule_change", row.pk), self.data(row, account=other.pk, name="Other"))

        before = row.account
        row.refresh_from_db()
        assert (row.name, row.account) == ("Other", before)

    def test_shows_what_the_system_owns_without_a_field_for_it(self, client: Client) -> None:
        row = ReportScheduleFactory()

        body = client.get(page("reportschedule_change", row.pk)).content.decode()

        for name in (
            "account",
            "state",
            "state_reason",
            "next_run",
            "next_run_at",
            "last_run_at",
            "consecutive_failures",
            "created_by",
        ):
            assert not re.search(rf'name="{name}(_\d)?"', body)

    @pytest.mark.parametrize("state", ["paused", "errored", "ended"])
    def test_that_does_not_run_has_no_next_run(self, state: str, client: Client) -> None:
        row = ReportScheduleFactory(state=state)

        for name, keys in (("changelist", []), ("change", [row.pk])):
            body = client.get(page(f"reportschedule_{name}", *keys)).content.decode()
            assert "March 2, 2026" not in body

    def test_shows_its_next_run_as_people_write_it(self, client: Client) -> None:
        row = ReportScheduleFactory()

        for name, keys in (("changelist", []), ("change", [row.pk])):
            assert "March 2, 2026, 7 a.m." in client.get(page(f"reportschedule_{name}", *keys)).content.decode()

    def test_shows_first_how_it_stands_and_why(self, client: Client) -> None:
        row = ReportScheduleFactory(state=ScheduleState.PAUSED, state_reason=PauseReason.OWNER_DELETED)

        body = client.get(page("reportschedule_change", row.pk)).content.decode()

        assert body.index("has been deleted.") < body.index('name="name"')

    def test_keeps_what_the_system_owns(self, client: Client) -> None:
        row = ReportScheduleFactory(state=ScheduleState.ERRORED, consecutive_failures=3)

        client.post(
            page("reportschedule_change", row.pk),
            self.data(row, state="active", consecutive_failures="0", name="Other"),
        )

        row.refresh_from_db()
        assert (row.name, row.state, row.consecutive_failures) == ("Other", ScheduleState.ERRORED, 3)

    def test_is_refused_a_recipient_outside_the_policy(self, client: Client) -> None:
        row = ReportScheduleFactory()

        response = client.post(
            page("reportschedule_change", row.pk), self.data(row, recipients='["a@evil.example"]', name="Other")
        )

        assert "may not receive" in " ".join(errors_of(response)["recipients"])
        row.refresh_from_db()
        assert row.name == "Weekly summary"

    def test_that_would_never_run_again_is_refused_in_the_form(self, client: Client) -> None:
        row = ReportScheduleFactory()

        response = client.post(
            page("reportschedule_change", row.pk), self.data(row, ends_at_0="2026-02-01", ends_at_1="00:00")
        )

        assert "would never run" in " ".join(errors_of(response)["ends_at"])


class TestDelete:
    """Taking a schedule away."""

    @pytest.fixture
    def live(self) -> GeneratedReport:
        report = GeneratedReportFactory()
        DeliveryFactory(report=GeneratedReportFactory(schedule=report.schedule, succeeded=True, trigger="manual"))
        return report

    @staticmethod
    def check(report: GeneratedReport) -> None:
        report.refresh_from_db()
        assert (report.status, report.schedule) == (ReportStatus.CANCELLED, None)
        sent = GeneratedReport.objects.get(trigger="manual").deliveries.get()
        assert sent.status == DeliveryStatus.SUPPRESSED
        assert not ReportSchedule.objects.exists()
        assert AuditEvent.objects.filter(verb="schedule.deleted", actor__username="root").count() == 1

    def test_cancels_what_has_not_been_sent(self, client: Client, live: GeneratedReport) -> None:
        client.post(page("reportschedule_delete", live.schedule_id), {"post": "yes"})

        self.check(live)

    def test_of_several_does_the_same_for_each(self, client: Client, live: GeneratedReport) -> None:
        data = {"action": "delete_selected", "_selected_action": [live.schedule_id], "post": "yes"}
        client.post(page("reportschedule_changelist"), data)

        self.check(live)


class TestAccount:
    """Customers."""

    @staticmethod
    def data(**changes: Any) -> dict[str, Any]:
        values = {
            "name": "Acme", "slug": "acme", "active": "on", "allowed_recipient_domains": '["acme.example"]',
            "accent_color": "#112233", "locale": "de-CH", "number_format": "",
        }  # fmt: skip
        return {**values, **changes}

    def test_is_added(self, client: Client) -> None:
        assert client.post(page("account_add"), self.data()).status_code == 302

        assert Account.objects.get().allowed_recipient_domains == ["acme.example"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("allowed_recipient_domains", "{"),
            ("allowed_recipient_domains", '"acme.example"'),
            ("allowed_recipient_domains", '["*"]'),
            ("accent_color", "red"),
            ("accent_color", "#11223g"),
            ("accent_color", "#112233; }"),
            ("locale", "xx"),
            ("locale", ""),
            ("number_format", "1,000"),
            ("slug", "a b"),
            ("name", ""),
        ],
    )
    def test_is_refused_with_a_message_at_the_field(self, field: str, value: str, client: Client) -> None:
        assert list(errors_of(client.post(page("account_add"), self.data(**{field: value})))) == [field]


@pytest.mark.parametrize("model", MODELS)
def test_staff_without_permissions_see_nothing(model: str, rows: dict[str, Any]) -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True))

    assert client.get(page(f"{model}_changelist")).status_code == 403
    assert client.get(page(f"{model}_change", rows[model].pk)).status_code == 403


def test_every_model_that_people_look_at_is_registered() -> None:
    registered = {
        model._meta.model_name for model in admin.site._registry if model._meta.app_label == "report_scheduling"
    }

    assert registered == set(MODELS)
