"""Errors: one form for all, with the right status, and never the text of what should stay hidden."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate

from django_report_scheduling.api.base import ApiViewSet
from django_report_scheduling.api.errors import error_body
from django_report_scheduling.exceptions import (
    InvalidRecurrence,
    LimitReached,
    NotPermitted,
    RecipientRefused,
    ValidationFailed,
    WrongState,
)
from django_report_scheduling.models import ReportSchedule
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def answer_to(error: Exception) -> Response:
    """What a view of ours answers in which this is raised."""

    class View(ApiViewSet):
        def list(self, request: Request) -> Response:
            raise error

    request = APIRequestFactory().get("/")
    force_authenticate(request, UserFactory())
    return View.as_view({"get": "list"})(request)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (LimitReached("Full."), 409, "limit_reached"),
        (WrongState("Over."), 409, "wrong_state"),
        (NotPermitted("No."), 403, "permission_denied"),
        (ValidationFailed({"name": ["Bad."]}), 400, "invalid"),
        (InvalidRecurrence({"recurrence": ["Bad."]}), 400, "invalid_recurrence"),
        (RecipientRefused({"recipients": ["Bad."]}), 400, "recipient_refused"),
        (Http404("Row 7 of Example Ltd"), 404, "not_found"),
        (ReportSchedule.DoesNotExist("Row 7 of Example Ltd"), 404, "not_found"),
        (ObjectDoesNotExist(), 404, "not_found"),
        (PermissionDenied("Row 7"), 403, "permission_denied"),
        (SuspiciousOperation("Row 7"), 400, "parse_error"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.Throttled(wait=3), 429, "throttled"),
        (exceptions.UnsupportedMediaType("text/html"), 415, "unsupported_media_type"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
    ],
)
def test_has_a_status_a_code_and_a_text(error: Exception, status: int, code: str) -> None:
    response = answer_to(error)

    assert (response.status_code, response.data["code"]) == (status, code)
    assert response.data["detail"]
    assert set(response.data) == {"detail", "code"} | ({"errors"} if status == 400 and code != "parse_error" else set())
    assert "Row 7" not in response.rendered_content.decode()


def test_a_service_is_quoted_word_by_word() -> None:
    assert answer_to(LimitReached("Ten is enough.")).data["detail"] == "Ten is enough."


def test_every_hidden_row_is_answered_alike() -> None:
    answers = {answer_to(error).rendered_content for error in (Http404("a"), ReportSchedule.DoesNotExist("b"))}

    assert answers == {b'{"detail":"Not found.","code":"not_found"}'}


def test_a_waiting_time_is_told() -> None:
    assert answer_to(exceptions.Throttled(wait=3))["Retry-After"] == "3"


@pytest.mark.parametrize(
    ("detail", "errors"),
    [
        ({"name": ["A.", "B."]}, {"name": ["A.", "B."]}),
        ({"name": "A."}, {"name": ["A."]}),
        ("A.", {"non_field_errors": ["A."]}),
        (["A.", "B."], {"non_field_errors": ["A.", "B."]}),
        ({"non_field_errors": ["A."]}, {"non_field_errors": ["A."]}),
        ({"recipients": {1: ["A."]}}, {"recipients.1": ["A."]}),
        ({"recipients": {"non_field_errors": ["A."]}}, {"recipients": ["A."]}),
        ({"a": [{"b": ["A."]}, {}, {"b": {"c": ["B."]}}]}, {"a.0.b": ["A."], "a.2.b.c": ["B."]}),
    ],
)
def test_messages_are_told_by_the_path_of_their_field(detail: Any, errors: dict[str, list[str]]) -> None:
    assert answer_to(exceptions.ValidationError(detail)).data["errors"] == errors


def test_what_concerns_the_whole_is_told_under_one_name() -> None:
    assert answer_to(ValidationFailed({"__all__": ["A."], "name": ["B."]})).data["errors"] == {
        "non_field_errors": ["A."],
        "name": ["B."],
    }


def test_a_host_that_renames_that_name_changes_nothing_here(settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NON_FIELD_ERRORS_KEY": "__whole__"}

    assert answer_to(exceptions.ValidationError({"__whole__": ["A."]})).data["errors"] == {"non_field_errors": ["A."]}


def test_what_nobody_foresaw_is_not_hidden_from_the_operators() -> None:
    with pytest.raises(ZeroDivisionError):
        answer_to(ZeroDivisionError())


@pytest.mark.parametrize("detail", [{"detail": "No.", "code": "bad_token"}, ["No.", "Never."], {"first": ["No."]}])
def test_of_several_things_that_an_authentication_says_the_first_is_told(detail: Any) -> None:
    assert error_body(exceptions.AuthenticationFailed(detail)) == {
        "detail": "No.",
        "code": "authentication_failed",
    }
