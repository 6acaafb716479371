"""The endpoints: log in, refresh, log out. None of them reads a cookie, so none needs protection against forgery."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from django_report_scheduling.api.parsers import StrictJsonParser
from tokens import families
from tokens.authentication import BearerAuthentication, refusing_bad_tokens
from tokens.serializers import LoginSerializer, RefreshSerializer, TokenErrorSerializer, TokenPairSerializer
from tokens.throttles import AddressThrottle, NameThrottle, counted_name

ERRORS = {400: TokenErrorSerializer, 401: TokenErrorSerializer}


# Not in the request's transaction: that a family was revoked must hold although the answer is an error.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class TokenView(APIView):
    """What the endpoints share."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJsonParser, FormParser)
    renderer_classes = (JSONRenderer,)

    def get_authenticate_header(self, request: Request) -> str:  # noqa: ARG002  # the framework's signature
        """Name the scheme, without which 401 would become 403."""
        return BearerAuthentication.keyword


class LoginView(TokenView):
    """Name and password for a pair of tokens."""

    throttle_classes = (AddressThrottle, NameThrottle)

    @extend_schema(
        operation_id="token_create",
        summary="Log in",
        tags=["token"],
        auth=[],
        request=LoginSerializer,
        responses={200: TokenPairSerializer, **ERRORS, 429: TokenErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Whether the name is unknown, the password wrong or the user inactive: the answer is the same."""
        given = _read(LoginSerializer, request)
        user = authenticate(request, username=given["username"], password=given["password"])
        # A database may take other spellings for the name; let in by them, each would have ten tries of its own.
        if user is None or counted_name(user.get_username()) != counted_name(given["username"]):
            raise AuthenticationFailed(_("There is no active user with this name and password."), "no_active_user")
        with refusing_bad_tokens():
            return Response(asdict(families.begin(user, now=timezone.now())))


class RefreshView(TokenView):
    """A refresh token for the next pair."""

    @extend_schema(
        operation_id="token_refresh",
        summary="Get the next pair of tokens",
        tags=["token"],
        auth=[],
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """A refresh token is good once: used again, it ends the login that it comes from."""
        text = _read(RefreshSerializer, request)["refresh"]
        with refusing_bad_tokens():
            return Response(asdict(families.refresh(text, now=timezone.now())))


class LogoutView(TokenView):
    """The end of a login."""

    @extend_schema(
        operation_id="token_logout",
        summary="Log out",
        tags=["token"],
        auth=[],
        request=RefreshSerializer,
        responses={204: None, **ERRORS},
    )
    def post(self, request: Request) -> Response:
        """Every token of this login is dead from now on, access tokens included."""
        text = _read(RefreshSerializer, request)["refresh"]
        with refusing_bad_tokens():
            families.end(text, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _read(serializer: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
