"""Every error as ``{"detail": for people, "code": for programs}``; what concerns fields has ``errors`` beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from django_report_scheduling.exceptions import (
    LimitReached,
    NotPermitted,
    ReportSchedulingError,
    StorageUnavailable,
    Throttled,
    ValidationFailed,
    WrongState,
)

WHOLE: Final = "non_field_errors"
"""Where messages stand that concern no single field."""

STATUSES: Final[Mapping[type[ReportSchedulingError], int]] = {
    LimitReached: status.HTTP_409_CONFLICT,
    WrongState: status.HTTP_409_CONFLICT,
    NotPermitted: status.HTTP_403_FORBIDDEN,
    Throttled: status.HTTP_429_TOO_MANY_REQUESTS,
    StorageUnavailable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


class Refused(exceptions.APIException):
    """What a service refused, with the service's own message and code."""

    def __init__(self, error: ReportSchedulingError, *, status_code: int) -> None:
        super().__init__(str(error), error.code)
        self.status_code = status_code
        self.wait = getattr(error, "retry_after", None)  # the framework makes Retry-After of it


class InvalidInput(exceptions.ValidationError):
    """Messages by field, with one code for all."""

    def __init__(self, errors: Mapping[str, Any], code: str = "invalid") -> None:
        super().__init__(dict(errors), code)
        self.code = code


def answer_error(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to an exception, or ``None`` for one that nobody foresaw (500)."""
    known = _as_api_exception(error)
    response = exception_handler(known, dict(context))
    if response is not None and isinstance(known, exceptions.APIException):
        response.data = error_body(known)
    return response


def _as_api_exception(error: Exception) -> Exception:
    if isinstance(error, ValidationFailed):
        errors = {WHOLE if name == "__all__" else name: messages for name, messages in error.errors.items()}
        return InvalidInput(errors, error.code)
    for kind, status_code in STATUSES.items():
        if isinstance(error, kind):
            return Refused(error, status_code=status_code)
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return exceptions.NotFound()  # never with the text of the error: a hidden row answers as a missing one
    if isinstance(error, DjangoPermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError(_("The request is malformed."))
    return error


def error_body(error: exceptions.APIException) -> dict[str, Any]:
    """Return the body of the answer to an error."""
    if isinstance(error, exceptions.ValidationError):
        code = getattr(error, "code", exceptions.ValidationError.default_code)
        return {"detail": _("The input is not valid."), "code": code, "errors": dict(_by_field(error.detail))}
    detail: Any = error.detail
    while isinstance(detail, Mapping | list):  # an authentication of the host may say several things; the first speaks
        detail = next(iter(detail.values() if isinstance(detail, Mapping) else detail), error.default_detail)
    return {"detail": str(detail), "code": getattr(detail, "code", error.default_code)}


def _by_field(detail: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Flatten nested messages: those of the second recipient are under ``recipients.1``."""
    if isinstance(detail, Mapping):
        for name, part in detail.items():
            whole = name in {api_settings.NON_FIELD_ERRORS_KEY, WHOLE}
            yield from _by_field(part, path if whole else (*path, str(name)))
    elif isinstance(detail, list) and not all(isinstance(part, str) for part in detail):
        for number, part in enumerate(detail):
            yield from _by_field(part, (*path, str(number)))
    else:
        messages = detail if isinstance(detail, list) else [detail]
        yield ".".join(path) or WHOLE, [str(message) for message in messages]
