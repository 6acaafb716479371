"""What every operation may answer instead: statuses, bodies and examples, taken from the errors themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import exceptions

from django_report_scheduling.api.errors import InvalidInput, Refused, error_body
from django_report_scheduling.api.parsers import PayloadTooLarge
from django_report_scheduling.api.schema.namespace import component_name
from django_report_scheduling.exceptions import (
    FileMissing,
    LimitReached,
    StorageUnavailable,
    Throttled,
    WrongState,
)

ERROR: Final = component_name("ApiError")
VALIDATION_ERROR: Final = component_name("ApiValidationError")
TEXT: Final[Mapping[str, Any]] = {"type": "string"}
RETRY_AFTER: Final[Mapping[str, str]] = {"Retry-After": "Seconds to wait (RFC 9110 §10.2.3)."}


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorAnswer:
    """One status: the name of its component, why it is answered, examples by name, and headers that come with it."""

    name: str
    why: str
    examples: Mapping[str, exceptions.APIException]
    headers: Mapping[str, str] = field(default_factory=dict)
    component: str = ERROR


def error_schemas() -> dict[str, dict[str, Any]]:
    """Return the components by name."""
    properties = {
        "detail": {**TEXT, "description": "What is wrong, for people, in the language of the request."},
        "code": {**TEXT, "description": "What is wrong, for programs; it stays the same from release to release."},
    }
    errors = {
        "type": "object",
        "additionalProperties": {"type": "array", "items": dict(TEXT), "minItems": 1},
        "description": (
            "Messages by field; the second recipient is `recipients.1`, and what concerns the whole is"
            " `non_field_errors`. Missing where the request could not be read at all."
        ),
    }
    base = {"type": "object", "required": ["detail", "code"]}
    return {
        ERROR: {**base, "properties": properties},
        VALIDATION_ERROR: {**base, "properties": {**properties, "errors": errors}},
    }


def error_answers() -> dict[int, ErrorAnswer]:
    """Return all answers by status."""
    return _about_the_request() | _about_the_caller() | _about_the_row()


def _about_the_request() -> dict[int, ErrorAnswer]:
    return {
        400: ErrorAnswer(
            name=component_name("Invalid"),
            why="The request is not valid: its body, its query string, or a header.",
            component=VALIDATION_ERROR,
            examples={
                "fields": InvalidInput({"recipients.1": [_("Not a valid string.")]}),
                "unreadable": exceptions.ParseError(_("The body is not UTF-8.")),
            },
        ),
        413: ErrorAnswer(
            name=component_name("PayloadTooLarge"), why="The body is too large.", examples={"large": PayloadTooLarge()}
        ),
        415: ErrorAnswer(
            name=component_name("UnsupportedMediaType"),
            why="The body is not `application/json`.",
            examples={"form": exceptions.UnsupportedMediaType("text/plain")},
        ),
    }


def _about_the_caller() -> dict[int, ErrorAnswer]:
    return {
        401: ErrorAnswer(
            name=component_name("NotAuthenticated"),
            why="Nobody is logged in, or the credentials do not hold (any more).",
            examples={"anonymous": exceptions.NotAuthenticated(), "refused": exceptions.AuthenticationFailed()},
            headers={"WWW-Authenticate": "How to log in (RFC 9110 §11.6.1)."},
        ),
        403: ErrorAnswer(
            name=component_name("PermissionDenied"),
            why="The caller may see this, but not do it.",
            examples={"refused": exceptions.PermissionDenied()},
        ),
        429: ErrorAnswer(
            name=component_name("Throttled"),
            why="Too many requests.",
            examples={
                "throttled": exceptions.Throttled(wait=30),
                "pings": Refused(Throttled(), status_code=429),
            },
            headers=RETRY_AFTER,
        ),
    }


def _about_the_row() -> dict[int, ErrorAnswer]:
    return {
        404: ErrorAnswer(
            name=component_name("NotFound"),
            why="It does not exist, or the caller may not know of it: the two look alike.",
            examples={"missing": exceptions.NotFound()},
        ),
        409: ErrorAnswer(
            name=component_name("Conflict"),
            why="The state of things does not allow it.",
            examples={
                "state": Refused(WrongState(), status_code=409),
                "file": Refused(FileMissing(), status_code=409),
                "limit": Refused(LimitReached(), status_code=409),
            },
        ),
        503: ErrorAnswer(
            name=component_name("StorageUnavailable"),
            why="The storage of the files does not answer.",
            examples={"storage": Refused(StorageUnavailable(), status_code=503)},
            headers=RETRY_AFTER,
        ),
    }


def response(answer: ErrorAnswer, reference: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as a response of an operation."""
    examples = {name: {"value": error_body(error)} for name, error in answer.examples.items()}
    described: dict[str, Any] = {
        "description": answer.why,
        "content": {"application/json": {"schema": dict(reference), "examples": examples}},
    }
    if answer.headers:
        described["headers"] = {
            name: {"schema": dict(TEXT), "description": text} for name, text in answer.headers.items()
        }
    return described
