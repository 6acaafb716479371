"""What all our views share, whatever the host has set for its own."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.test import APIClient, APIRequestFactory

from django_report_scheduling.api.report_types.views import ReportTypeViewSet
from django_report_scheduling.models import GeneratedReport
from tests.api.callers import calling, manager_of
from tests.factories import ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

PATHS = ["/api/v1/report-schedules", "/api/v1/accounts", "/api/v1/report-types"]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_answers_with_and_without_the_slash(path: str) -> None:
    api = calling(UserFactory())

    assert api.get(path).content == api.get(f"{path}/").content
    assert api.get(path).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_login_is_asked_for_with_the_scheme_that_rfc_9110_wants(path: str) -> None:
    response = APIClient().get(path)

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic")


def test_a_scheme_is_named_also_where_the_host_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReportTypeViewSet, "authentication_classes", [SessionAuthentication])

    response = APIClient().get("/api/v1/report-types/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Session")


def test_attack_093_the_deactivated_are_kept_out_with_the_session_they_had() -> None:
    user = UserFactory()
    api = calling(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)

    assert api.get("/api/v1/accounts/").status_code == 401


def test_a_session_writes_with_a_csrf_token_only() -> None:
    schedule = ReportScheduleFactory()
    api = APIClient(enforce_csrf_checks=True)
    api.force_login(manager_of(schedule.account), backend="django.contrib.auth.backends.ModelBackend")

    response = api.delete(f"/api/v1/report-schedules/{schedule.pk}/")

    assert (response.status_code, response.json()["code"]) == (403, "permission_denied")


@pytest.mark.parametrize("path", PATHS)
def test_attack_098_options_tell_the_methods_and_nothing_else(path: str) -> None:
    schedule = ReportScheduleFactory()

    response = calling(UserFactory()).options(path)

    assert (response.status_code, response.content) == (204, b"")
    assert "GET" in response["Allow"]
    assert schedule.account.name not in str(response.headers)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*", "image/png;q=0.1", "nonsense"])
def test_the_answer_is_json_whatever_is_accepted(accept: str) -> None:
    response = calling(UserFactory()).get("/api/v1/accounts/", HTTP_ACCEPT=accept)

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", "x"],
)
def test_attack_090_a_body_of_another_type_is_refused(content_type: str) -> None:
    schedule = ReportScheduleFactory()
    api = calling(manager_of(schedule.account))

    response = api.generic("PATCH", f"/api/v1/report-schedules/{schedule.pk}/", b'{"name": "x"}', content_type)

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("header", ["HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE", "HTTP_X_HTTP_METHOD"])
def test_attack_090_no_header_turns_one_method_into_another(header: str) -> None:
    schedule = ReportScheduleFactory()
    api = calling(manager_of(schedule.account))

    response = api.post(f"/api/v1/report-schedules/{schedule.pk}/", **{header: "DELETE"})

    assert response.status_code == 405
    assert api.get(f"/api/v1/report-schedules/{schedule.pk}/").status_code == 200


def test_attack_090_an_id_in_the_body_is_not_that_of_the_path() -> None:
    schedule = ReportScheduleFactory()
    other = ReportScheduleFactory(account=schedule.account)
    api = calling(manager_of(schedule.account))

    api.patch(f"/api/v1/report-schedules/{schedule.pk}/", {"id": str(other.pk), "name": "New"}, format="json")

    other.refresh_from_db()
    assert other.name == "Weekly summary"


def test_the_hosts_own_settings_of_the_framework_change_no_answer(settings: Any) -> None:
    schedule = ReportScheduleFactory()
    api = calling(manager_of(schedule.account))
    url = f"/api/v1/report-schedules/{schedule.pk}/"
    before = api.get(url).content

    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DATETIME_FORMAT": "%d.%m.%Y",
        "DATETIME_INPUT_FORMATS": ["%d.%m.%Y"],
        "TIME_FORMAT": "%H Uhr",
        "TIME_INPUT_FORMATS": ["%H Uhr"],
        "EXCEPTION_HANDLER": "nowhere.to.be.found",
        "ORDERING_PARAM": "sort",
        "URL_FORMAT_OVERRIDE": "search",
    }

    assert api.get(url).content == before
    assert (
        api.patch(url, {"time_of_day": "09:00", "starts_at": "2030-01-01T00:00:00Z"}, format="json").status_code == 200
    )
    assert api.get(f"{url}missing/").status_code == 404


def test_instants_are_in_utc_whatever_zone_is_active() -> None:
    schedule = ReportScheduleFactory(starts_at=dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC))
    api = calling(manager_of(schedule.account))

    with timezone.override("Asia/Tokyo"):
        answer = api.get(f"/api/v1/report-schedules/{schedule.pk}/").json()

    assert answer["starts_at"] == "2026-01-01T12:00:00Z"


def test_a_host_name_that_is_not_ours_is_refused_before_anything_is_written(settings: Settings) -> None:
    """Some hosts do without the middleware that refuses it, and an answer that names the host would be the first to."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "CommonMiddleware" not in name]
    schedule = ReportScheduleFactory()
    api = calling(manager_of(schedule.account))

    response = api.post(f"/api/v1/report-schedules/{schedule.pk}/run/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert not GeneratedReport.objects.exists()


@pytest.mark.parametrize("credentials", [b"ma\0nager:secret", b"manager\0:secret"])
def test_credentials_that_no_database_can_look_up_are_wrong_ones(credentials: bytes) -> None:
    """Django REST framework's own authentication classes pass a NUL on, which PostgreSQL refuses."""
    response = APIClient().get(
        "/api/v1/accounts/", headers={"authorization": f"Basic {b64encode(credentials).decode()}"}
    )

    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


@pytest.mark.parametrize(
    ("error", "status"), [(ValueError("… cannot contain NUL …"), 401), (ValueError("a fault"), 500)]
)
def test_other_faults_of_an_authentication_are_not_taken_for_wrong_credentials(error: Exception, status: int) -> None:
    class Faulty(BasicAuthentication):
        def authenticate(self, request: Any) -> Any:
            raise error

    class View(ReportTypeViewSet):
        authentication_classes = (Faulty,)

    request = APIRequestFactory().get("/")
    view = View.as_view({"get": "list"})
    if status == 500:
        with pytest.raises(ValueError, match="a fault"):
            view(request)
    else:
        assert view(request).status_code == status
