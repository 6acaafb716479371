"""Setting schedules up: POST report-schedules/."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, ReportSchedule
from tests.api.callers import calling, client_of, manager_of
from tests.factories import AccountFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "/api/v1/report-schedules/"


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 400, response.content
    assert not ReportSchedule.objects.exists()
    assert not AuditEvent.objects.exists()
    found: dict[str, list[str]] = response.json()["errors"]
    return found


def test_a_manager_sets_up_a_schedule_and_owns_it(api: APIClient, manager: Any, body: dict[str, Any]) -> None:
    response = api.post(URL, body, format="json")

    assert response.status_code == 201
    schedule = ReportSchedule.objects.get()
    assert (schedule.name, schedule.parameters, schedule.created_by) == ("Weekly", {"rows": 3}, manager)
    answer = response.json()
    assert answer["id"] == str(schedule.pk)
    assert answer["next_run_at"].endswith("Z")
    assert answer["created_by"] == str(manager.pk)


def test_its_location_answers_with_the_same(api: APIClient, body: dict[str, Any]) -> None:
    response = api.post(URL, body, format="json")

    assert api.get(response["Location"]).json() == response.json()


def test_what_is_left_out_has_its_default(api: APIClient, body: dict[str, Any]) -> None:
    few = {name: body[name] for name in ("account", "name", "report_type", "time_of_day")}

    answer = api.post(URL, {**few, "frequency": "daily"}, format="json").json()

    assert (answer["formats"], answer["timezone"], answer["recipients"]) == (["pdf"], "UTC", [])
    assert (answer["misfire_policy"], answer["misfire_grace"]) == ("latest", 3600)


def test_the_eleventh_is_a_conflict(api: APIClient, account: Any, body: dict[str, Any]) -> None:
    ReportScheduleFactory.create_batch(10, account=account)

    response = api.post(URL, body, format="json")

    assert (response.status_code, response.json()["code"]) == (409, "limit_reached")
    assert ReportSchedule.objects.count() == 10


class TestAccount:
    def test_attack_088_hidden_missing_and_malformed_ones_are_told_apart_by_nobody(
        self, api: APIClient, body: dict[str, Any]
    ) -> None:
        hidden = AccountFactory()
        missing = AccountFactory()
        missing.delete()

        answers = {
            api.post(URL, {**body, "account": key}, format="json").content
            for key in (str(hidden.pk), str(missing.pk), "none", "", 7, 1.5, True, [], {}, [str(hidden.pk)])
        }

        assert len(answers) == 1
        assert not ReportSchedule.objects.exists()

    def test_who_only_sees_it_is_refused_before_anything_else_is_looked_at(self, account: Any) -> None:
        response = calling(client_of(account)).post(
            URL, {"account": str(account.pk), "name": 7, "nonsense": 1}, format="json"
        )

        assert (response.status_code, response.json()["code"]) == (403, "permission_denied")
        assert "errors" not in response.json()

    def test_it_is_required(self, api: APIClient, body: dict[str, Any]) -> None:
        del body["account"]

        assert set(errors_of(api.post(URL, body, format="json"))) == {"account"}

    def test_null_is_none(self, api: APIClient, body: dict[str, Any]) -> None:
        assert set(errors_of(api.post(URL, {**body, "account": None}, format="json"))) == {"account"}

    def test_attack_091_the_permission_on_the_model_alone_opens_nothing(
        self, account: Any, body: dict[str, Any]
    ) -> None:
        user = UserFactory()
        user.user_permissions.add(*_all_permissions_of(account))

        assert set(errors_of(calling(user).post(URL, body, format="json"))) == {"account"}

    def test_administrators_set_up_schedules_everywhere(self, body: dict[str, Any]) -> None:
        administrator = calling(UserFactory(is_superuser=True))

        assert administrator.post(URL, body, format="json").status_code == 201

    def test_managers_through_a_group_do_too(self, account: Any, body: dict[str, Any]) -> None:
        user = UserFactory()
        group = user.groups.create(name="Managers")
        grant(account=account, holder=group, role=Role.ACCOUNT_MANAGER)

        assert calling(user).post(URL, body, format="json").status_code == 201


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a number for a text": ({"name": 7}, "name"),
    "a truth value for a text": ({"name": True}, "name"),
    "an empty name": ({"name": " "}, "name"),
    "a line break in the name": ({"name": "a\nb"}, "name"),
    "a name too long": ({"name": "x" * 201}, "name"),
    "an unknown report type": ({"report_type": "gone"}, "report_type"),
    "a list for the report type": ({"report_type": []}, "report_type"),
    "an unknown parameter": ({"parameters": {"rws": 1}}, "parameters.rws"),
    "a wrong parameter": ({"parameters": {"rows": 0}}, "parameters.rows"),
    "a list for the parameters": ({"parameters": []}, "parameters"),
    "no parameters at all": ({"parameters": None}, "parameters"),
    "too many parameters": ({"parameters": {str(n): n for n in range(101)}}, "parameters"),
    "parameters too large": ({"parameters": {"rows": "x" * 17_000}}, "parameters"),
    "a string for the formats": ({"formats": "json"}, "formats"),
    "no format": ({"formats": []}, "formats"),
    "an unknown format": ({"formats": ["docx"]}, "formats"),
    "a format that is a number": ({"formats": ["json", 1]}, "formats.1"),
    "eleven formats": ({"formats": ["json"] * 11}, "formats"),
    "an unknown frequency": ({"frequency": "hourly"}, "frequency"),
    "a frequency that is a list": ({"frequency": ["daily"]}, "frequency"),
    "a day that there is not": ({"day_of_week": 7}, "day_of_week"),
    "a day as a string": ({"day_of_week": "0"}, "day_of_week"),
    "a day as a fraction": ({"day_of_week": 1.0}, "day_of_week"),
    "a day as a truth value": ({"day_of_week": True}, "day_of_week"),
    "no day for a weekly one": ({"day_of_week": None}, "day_of_week"),
    "a huge number": ({"day_of_month": 10**39}, "day_of_month"),
    "a number that the database has no room for": ({"day_of_month": 2**15}, "day_of_month"),
    "a truth value for a number": ({"day_of_month": False}, "day_of_month"),
    "a time that there is not": ({"time_of_day": "24:01"}, "time_of_day"),
    "a time with an offset": ({"time_of_day": "08:00+02:00"}, "time_of_day"),
    "a time without minutes": ({"time_of_day": "08"}, "time_of_day"),
    "a time as a number": ({"time_of_day": 8}, "time_of_day"),
    "no time": ({"time_of_day": None}, "time_of_day"),
    "an unknown zone": ({"timezone": "Mars/Olympus"}, "timezone"),
    "a path for a zone": ({"timezone": "../../etc/passwd"}, "timezone"),
    "no zone": ({"timezone": None}, "timezone"),
    "a rule beside a frequency": ({"recurrence": "FREQ=DAILY"}, "recurrence"),
    "null for the rule": ({"recurrence": None}, "recurrence"),
    "a moment without an offset": ({"starts_at": "2026-03-02T08:00:00"}, "starts_at"),
    "a date for a moment": ({"starts_at": "2026-03-02"}, "starts_at"),
    "a day that is not in the calendar": ({"starts_at": "2026-02-30T08:00:00Z"}, "starts_at"),
    "a moment as a number": ({"starts_at": 1772438400}, "starts_at"),
    "a moment before the year 1": ({"starts_at": "0001-01-01T00:00:00+01:00"}, "starts_at"),
    "null for the start": ({"starts_at": None}, "starts_at"),
    "an end before the start": (
        {"starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"},
        "ends_at",
    ),
    "an end that has passed": ({"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-02-01T00:00:00Z"}, "ends_at"),
    "a string for the recipients": ({"recipients": "client@customer.example"}, "recipients"),
    "an object for the recipients": ({"recipients": {"0": "client@customer.example"}}, "recipients"),
    "51 recipients": ({"recipients": [f"{n}@customer.example" for n in range(51)]}, "recipients"),
    "10,000 recipients": ({"recipients": [f"{n}@customer.example" for n in range(10_000)]}, "recipients"),
    "two recipients in one": ({"recipients": ["a@customer.example, b@customer.example"]}, "recipients"),
    "a recipient that is null": ({"recipients": [None]}, "recipients.0"),
    "a stranger as a recipient": ({"recipients": ["a@elsewhere.example"]}, "recipients"),
    "an unknown misfire policy": ({"misfire_policy": "never"}, "misfire_policy"),
    "a grace below zero": ({"misfire_grace": -1}, "misfire_grace"),
    "a grace of a thousand years": ({"misfire_grace": 31_536_000_000}, "misfire_grace"),
    "a grace written out": ({"misfire_grace": "01:00:00"}, "misfire_grace"),
    "a field that there is not": ({"is_active": False}, "is_active"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_at_the_field(api: APIClient, body: dict[str, Any], change: dict[str, Any], field: str) -> None:
    errors = errors_of(api.post(URL, {**body, **change}, format="json"))

    assert set(errors) == {field}
    assert all(errors[field])


def test_all_fields_that_are_wrong_are_told_at_once(api: APIClient, body: dict[str, Any]) -> None:
    wrong = {"name": 7, "timezone": "Mars", "starts_at": "now", "colour": "red", "recipients": "x"}

    assert set(errors_of(api.post(URL, {**body, **wrong}, format="json"))) == set(wrong)


def test_a_naive_moment_is_refused_with_how_to_write_it(api: APIClient, body: dict[str, Any]) -> None:
    (message,) = errors_of(api.post(URL, {**body, "ends_at": "2030-03-02T08:00"}, format="json"))["ends_at"]

    assert "offset" in message
    assert "2026-03-02T08:00:00+01:00" in message


def test_a_moment_with_an_offset_is_answered_in_utc(api: APIClient, body: dict[str, Any]) -> None:
    answer = api.post(URL, {**body, "starts_at": "2030-01-07T08:00:00+01:00"}, format="json").json()

    assert (answer["starts_at"], answer["next_run_at"]) == ("2030-01-07T07:00:00Z", "2030-01-07T07:00:00Z")


def test_the_grace_is_counted_in_seconds(api: APIClient, body: dict[str, Any]) -> None:
    assert api.post(URL, {**body, "misfire_grace": 90}, format="json").json()["misfire_grace"] == 90
    assert ReportSchedule.objects.get().misfire_grace.total_seconds() == 90


def test_attack_089_what_only_the_system_sets_is_passed_over(api: APIClient, body: dict[str, Any]) -> None:
    forged = {
        "id": "00000000-0000-7000-8000-000000000000",
        "state": "errored",
        "active": False,
        "created_by": str(UserFactory().pk),
        "consecutive_failures": 2,
        "next_run_at": "2020-01-01T00:00:00Z",
        "last_run_at": "2020-01-01T00:00:00Z",
    }

    answer = api.post(URL, {**body, **forged}, format="json").json()

    assert all(answer[name] != value for name, value in forged.items())


@pytest.mark.parametrize("content", [b"", b"[]", b'"x"', b"7", b"null", b"true"])
def test_a_body_that_is_no_object_is_refused(api: APIClient, content: bytes) -> None:
    errors_of(api.generic("POST", URL, content, "application/json"))


def test_an_unknown_query_parameter_is_refused(api: APIClient, body: dict[str, Any]) -> None:
    assert set(errors_of(api.post(f"{URL}?dry_run=1", body, format="json"))) == {"dry_run"}


def test_who_lost_the_role_sets_nothing_up(account: Any, body: dict[str, Any]) -> None:
    user = manager_of(account)
    api = calling(user)
    account.accountuserpermission_set.all().delete()

    assert set(errors_of(api.post(URL, body, format="json"))) == {"account"}


def _all_permissions_of(account: Any) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__model=account._meta.model_name)
