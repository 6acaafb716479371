"""Access tokens as a way to authenticate with Django REST framework."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from tokens.families import person_of
from tokens.signing import InvalidToken


class BearerAuthentication(TokenAuthentication):
    """``Authorization: Bearer <access token>`` (RFC 6750)."""

    keyword = "Bearer"

    def authenticate_credentials(self, key: str) -> tuple[AbstractBaseUser, None]:
        """Return whose token it is.

        :raises AuthenticationFailed: it is not good, whatever the reason (401).
        """
        with refusing_bad_tokens():
            return person_of(key, now=timezone.now()), None


@contextmanager
def refusing_bad_tokens() -> Iterator[None]:
    """Answer a token that is not good with 401 and one text for every reason."""
    try:
        yield
    except InvalidToken as error:
        raise AuthenticationFailed(
            _("This token is not valid, or no longer. Refresh it, or log in again."), "invalid_token"
        ) from error
