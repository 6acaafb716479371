"""Writing and reading JSON Web Tokens (RFC 7519); the one module that knows Simple JWT."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.tokens import Token

from tokens.conf import token_settings

ALGORITHM: Final = "HS256"
"""Who signs is who verifies, so there is no public key to hand out, and none that could be taken for a secret."""
MAX_LENGTH: Final = 2048
"""Characters; ours have about 400."""


class InvalidToken(Exception):
    """This token opens nothing, or no longer. Nobody outside is told why."""


class TokenKind(enum.StrEnum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What a token says: nothing about its user beyond the login that it comes from."""

    family: UUID
    identifier: UUID


def sign(kind: TokenKind, claims: Claims, *, expires_at: dt.datetime) -> str:
    """Return a token.

    :param expires_at: aware; cut to the second.
    """
    token = _CLASSES[kind]()
    token.set_exp(from_time=expires_at, lifetime=dt.timedelta(0))
    token["jti"] = claims.identifier.hex
    token["family"] = claims.family.hex
    return str(token)


def read(kind: TokenKind, text: str) -> Claims:
    """Return what a token says.

    :raises InvalidToken: it is not a token of this kind, made by us and for us, or it has expired.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidToken
    try:
        token = _CLASSES[kind](text)
        return Claims(family=UUID(str(token["family"])), identifier=UUID(str(token["jti"])))
    except (TokenError, KeyError, ValueError) as error:
        raise InvalidToken from error


class _RotatedKeys(TokenBackend):
    """Signs with the first key and takes the signature of any."""

    def __init__(self) -> None:
        settings = token_settings()
        names = {"issuer": settings.issuer, "audience": settings.audience}
        super().__init__(ALGORITHM, settings.signing_keys[0], **names)
        self._older = [TokenBackend(ALGORITHM, key, **names) for key in settings.signing_keys[1:]]

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002  # the library's signature
        try:
            return super().decode(token, verify=verify)
        except TokenBackendError:
            for backend in self._older:
                try:
                    return backend.decode(token, verify=verify)
                except TokenBackendError:  # a key or two
                    continue
            raise


class _Token(Token):
    lifetime = dt.timedelta(0)  # the library wants one; every token gets its end when it is signed

    def get_token_backend(self) -> TokenBackend:
        return _RotatedKeys()

    def set_iat(self, claim: str = "iat", at_time: dt.datetime | None = None) -> None:
        """Leave it out: a server whose clock is a second behind would refuse what another one has just issued."""


class _AccessToken(_Token):
    token_type = TokenKind.ACCESS.value


class _RefreshToken(_Token):
    token_type = TokenKind.REFRESH.value


_CLASSES: Final[dict[TokenKind, type[_Token]]] = {TokenKind.ACCESS: _AccessToken, TokenKind.REFRESH: _RefreshToken}
