"""What people do with a schedule: POST report-schedules/{id}/run/, preview/, pause/ and resume/."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import revoke
from django_report_scheduling.api.schedules import actions
from django_report_scheduling.choices import ReportStatus, ScheduleState, Trigger
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportSchedule
from tests.api.callers import calling, client_of, manager_of
from tests.api.dispatched import note_messages
from tests.celery_app import app
from tests.factories import NOW, ReportScheduleFactory, UserFactory
from tests.mail_settings import send_through

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

BOTH = pytest.mark.parametrize("act", ["run", "preview"])


@pytest.fixture
def schedule(account: Any) -> ReportSchedule:
    return ReportScheduleFactory(account=account)


def post(api: APIClient, schedule: ReportSchedule, act: str, *, key: str | None = None, **more: Any) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(f"/api/v1/report-schedules/{schedule.pk}/{act}/", headers=headers, **more)


class TestRun:
    """Also for previews."""

    @BOTH
    def test_answers_with_the_report_and_where_it_is(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        answer = post(api, schedule, act)

        report = GeneratedReport.objects.get()
        assert (answer.status_code, answer.json()["id"]) == (202, str(report.pk))
        assert answer["Location"] == f"http://testserver/api/v1/reports/{report.pk}"
        assert api.get(answer["Location"]).json() == answer.json()
        assert (answer.json()["status"], answer.json()["delivery_state"]) == ("pending", "none")

    @pytest.mark.parametrize(("act", "trigger"), [("run", Trigger.MANUAL), ("preview", Trigger.PREVIEW)])
    def test_asks_for_one_report_in_the_name_of_the_caller(
        self, api: APIClient, manager: Any, schedule: ReportSchedule, act: str, trigger: Trigger
    ) -> None:
        post(api, schedule, act)

        report = GeneratedReport.objects.get()
        assert (report.schedule, report.trigger, report.requested_by) == (schedule, trigger, manager)
        assert AuditEvent.objects.get().actor == manager

    @BOTH
    def test_leaves_the_schedule_as_it_is(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        before = ReportSchedule.objects.values().get()

        post(api, schedule, act)

        assert ReportSchedule.objects.values().get() == before

    @BOTH
    def test_is_handed_to_the_workers_after_the_commit(
        self,
        api: APIClient,
        schedule: ReportSchedule,
        act: str,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        sent = note_messages(monkeypatch)

        with django_capture_on_commit_callbacks(execute=True):
            answer = post(api, schedule, act)
            assert sent == []

        assert sent == [answer.json()["id"]]
        assert GeneratedReport.objects.get().status == ReportStatus.QUEUED

    @BOTH
    def test_is_refused_for_an_inactive_account(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        type(schedule.account).objects.update(active=False)

        answer = post(api, schedule, act)

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
        assert not GeneratedReport.objects.exists()

    @BOTH
    def test_is_possible_in_every_state(self, api: APIClient, account: Any, act: str) -> None:
        schedules = [ReportScheduleFactory(account=account, state=state) for state in ScheduleState]

        assert [post(api, schedule, act).status_code for schedule in schedules] == [202] * len(schedules)

    def test_a_preview_is_there_for_its_requester_alone(
        self, api: APIClient, account: Any, schedule: ReportSchedule
    ) -> None:
        where = post(api, schedule, "preview")["Location"]
        others = [calling(manager_of(account)), calling(client_of(account)), calling(UserFactory(is_superuser=True))]

        assert api.get(where).status_code == 200
        assert [row["id"] for row in api.get("/api/v1/reports/").json()["results"]] == [where.rpartition("/")[2]]
        for other in others:
            assert other.get(where).status_code == other.get(f"{where}/deliveries").status_code == 404
            assert other.get(f"{where}/download?format=json").status_code == 404
            assert other.get("/api/v1/reports/").json()["results"] == []

    def test_a_preview_is_mailed_to_its_requester_alone(
        self,
        api: APIClient,
        manager: Any,
        schedule: ReportSchedule,
        report_storage: Any,
        settings: Any,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        app.set_current()
        send_through(settings, "locmem")
        app.conf.task_always_eager = True
        try:
            with django_capture_on_commit_callbacks(execute=True):
                post(api, schedule, "preview")
        finally:
            app.conf.task_always_eager = False

        assert [message.to for message in mail.outbox] == [[manager.email]]
        assert GeneratedReport.objects.get().status == ReportStatus.SUCCEEDED


class TestIdempotencyKey:
    @BOTH
    def test_the_same_key_gives_the_same_report(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        first, again = (post(api, schedule, act, key="8f14e45f") for _ in range(2))

        assert (again.status_code, again.json(), again["Location"]) == (202, first.json(), first["Location"])
        assert GeneratedReport.objects.count() == 1

    def test_another_key_gives_another_report(self, api: APIClient, schedule: ReportSchedule) -> None:
        ids = {post(api, schedule, act, key=key).json()["id"] for act in ("run", "preview") for key in ("a", "b", None)}

        assert len(ids) == 6

    def test_a_report_that_has_finished_is_answered_and_not_handed_out_again(
        self,
        api: APIClient,
        schedule: ReportSchedule,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        post(api, schedule, "run", key="a")
        GeneratedReport.objects.update(status=ReportStatus.SUCCEEDED, wake_at=None, finished_at=NOW)
        before, sent = GeneratedReport.objects.values().get(), note_messages(monkeypatch)

        with django_capture_on_commit_callbacks(execute=True):
            answer = post(api, schedule, "run", key="a")

        assert (answer.status_code, answer.json()["status"], sent) == (202, "succeeded", [])
        assert GeneratedReport.objects.values().get() == before

    def test_one_that_waits_for_a_worker_is_not_handed_out_twice(
        self,
        api: APIClient,
        schedule: ReportSchedule,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        sent = note_messages(monkeypatch)

        with django_capture_on_commit_callbacks(execute=True):
            post(api, schedule, "run", key="a")
        with django_capture_on_commit_callbacks(execute=True):
            post(api, schedule, "run", key="a")

        assert len(sent) == 1

    @pytest.mark.parametrize("key", ["x", "~" * 255, '"quoted"', "!#$%&'*+-.^_`|~"])
    def test_any_visible_ascii_will_do(self, api: APIClient, schedule: ReportSchedule, key: str) -> None:
        assert post(api, schedule, "run", key=key).status_code == 202

    @pytest.mark.parametrize("key", ["", "x" * 256, "two words", "tab\tbed", "é", "\x7f"])
    def test_anything_else_is_refused_at_the_header(self, api: APIClient, schedule: ReportSchedule, key: str) -> None:
        answer = post(api, schedule, "run", key=key)

        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
        assert not GeneratedReport.objects.exists()

    def test_somebody_else_s_key_says_nothing(self, api: APIClient, account: Any, schedule: ReportSchedule) -> None:
        mine = post(api, schedule, "preview", key="a").json()["id"]
        theirs = post(calling(manager_of(account)), schedule, "preview", key="a").json()["id"]

        assert mine != theirs

    def test_attack_093_a_key_does_not_outlive_the_role(
        self, api: APIClient, manager: Any, account: Any, schedule: ReportSchedule
    ) -> None:
        post(api, schedule, "run", key="a")
        revoke(account=account, holder=manager)

        assert post(api, schedule, "run", key="a").status_code == 404


class TestPauseAndResume:
    @pytest.mark.parametrize(
        ("act", "before", "after"), [("pause", "active", "paused"), ("resume", "paused", "active")]
    )
    def test_answer_with_the_schedule_in_its_new_state(
        self, api: APIClient, manager: Any, account: Any, act: str, before: str, after: str
    ) -> None:
        schedule = ReportScheduleFactory(account=account, state=before)

        answer = post(api, schedule, act)

        assert (answer.status_code, answer.json()["state"]) == (200, after)
        assert answer.json() == api.get(f"/api/v1/report-schedules/{schedule.pk}/").json()
        assert (AuditEvent.objects.get().verb, AuditEvent.objects.get().actor) == (f"schedule.{after}", manager)

    @pytest.mark.parametrize(
        ("act", "state"), [("pause", "paused"), ("pause", "ended"), ("resume", "active"), ("resume", "ended")]
    )
    def test_are_refused_in_any_other_state(self, api: APIClient, account: Any, act: str, state: str) -> None:
        schedule = ReportScheduleFactory(account=account, state=state)

        answer = post(api, schedule, act)

        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")

    def test_what_errors_have_stopped_only_an_administrator_lets_go_on(self, api: APIClient, account: Any) -> None:
        schedule = ReportScheduleFactory(account=account, state=ScheduleState.ERRORED, consecutive_failures=3)

        assert (post(api, schedule, "resume").status_code, post(api, schedule, "pause").status_code) == (403, 409)
        answer = post(calling(UserFactory(is_superuser=True)), schedule, "resume")

        assert (answer.status_code, answer.json()["state"], answer.json()["consecutive_failures"]) == (200, "active", 0)


class TestEveryAction:
    ALL = pytest.mark.parametrize("act", ["run", "preview", "pause", "resume"])

    @ALL
    @pytest.mark.parametrize(
        ("body", "field"),
        [('{"trigger": "schedule"}', "trigger"), ("[]", "non_field_errors"), ("null", "non_field_errors")],
    )
    def test_attack_090_a_body_that_says_something_is_refused(
        self, api: APIClient, schedule: ReportSchedule, act: str, body: str, field: str
    ) -> None:
        answer = post(api, schedule, act, data=body, content_type="application/json")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
        assert not GeneratedReport.objects.exists()

    @ALL
    def test_an_empty_object_is_as_good_as_no_body(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        assert post(api, schedule, act, data={}, format="json").status_code in {200, 202, 409}

    @ALL
    def test_a_query_parameter_is_refused(self, api: APIClient, schedule: ReportSchedule, act: str) -> None:
        answer = api.post(f"/api/v1/report-schedules/{schedule.pk}/{act}/?now=1")

        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["now"])

    @ALL
    def test_a_client_is_refused_before_anything_is_read(
        self, account: Any, schedule: ReportSchedule, act: str
    ) -> None:
        answer = post(calling(client_of(account)), schedule, act, key="two words", data="{", content_type="x/y")

        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")

    @ALL
    def test_a_schedule_that_was_deleted_while_the_request_came_in_is_not_found(
        self, api: APIClient, schedule: ReportSchedule, act: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read = actions.require_empty

        def delete_meanwhile(request: Any) -> None:
            read(request)
            ReportSchedule.objects.all().delete()

        monkeypatch.setattr(actions, "require_empty", delete_meanwhile)

        answer = post(api, schedule, act)

        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert not GeneratedReport.objects.exists()
