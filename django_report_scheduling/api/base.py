"""What all our views share, so that a host's own REST framework settings change nothing they rely on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from django.db import DataError
from django.http import HttpRequest
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from django_report_scheduling.api.errors import answer_error
from django_report_scheduling.api.negotiation import OnlyJson
from django_report_scheduling.api.pagination import Pages
from django_report_scheduling.api.parsers import StrictJsonParser
from django_report_scheduling.api.permissions import IsActivePerson
from django_report_scheduling.api.query_strings import require_readable
from django_report_scheduling.api.schema.operations import OperationSchema


class ApiViewSet(GenericViewSet[Any]):
    """Base of our viewsets. Authentication and throttling are the host's; everything else is settled here."""

    content_negotiation_class = OnlyJson
    renderer_classes = (JSONRenderer,)
    parser_classes = (StrictJsonParser,)
    permission_classes = (IsActivePerson,)
    pagination_class = Pages
    filter_backends: Sequence[Any] = ()
    versioning_class = None
    metadata_class = None
    schema = OperationSchema()
    lookup_value_regex = "[^/]+"
    """Whatever stands where an id belongs comes to us, so that every wrong one gets the same answer."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who may come in; then refuse a query string that nobody should look into."""
        super().initial(request, *args, **kwargs)
        require_readable(request)
        request.get_host()  # answers name it: one that is not ours must be refused before anything is written

    def perform_authentication(self, request: Request) -> None:
        """Find out who is asking.

        :raises AuthenticationFailed: besides what the host's authentication raises, for credentials with a NUL, which
            PostgreSQL refuses to look up.
        """
        try:
            super().perform_authentication(request)
        except (DataError, ValueError) as error:  # psycopg raises the one, psycopg 2 the other
            if "NUL" not in str(error):
                raise
            raise AuthenticationFailed from error

    def permission_denied(self, request: Request, message: str | None = None, code: str | None = None) -> NoReturn:
        """Ask for a login (401) where nobody asks, or somebody deactivated whom the host's authentication let in.

        :raises NotAuthenticated: as said.
        :raises PermissionDenied: everybody else.
        """
        if not getattr(request.user, "is_active", False):
            raise NotAuthenticated
        super().permission_denied(request, message, code)

    def get_exception_handler(self) -> Callable[..., Response | None]:
        """Answer errors in our own form."""
        return answer_error

    def get_authenticate_header(self, request: Request) -> str:
        """Name a scheme, as 401 requires (RFC 9110 §11.6.1), also where the host's authentication names none."""
        return super().get_authenticate_header(request) or "Session"

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:  # noqa: ARG002  # the framework's signature
        """Say which methods there are (RFC 9110 §9.3.7) and nothing of rows or choices."""
        return Response(status=status.HTTP_204_NO_CONTENT)
