"""Beginning, refreshing and ending a login. What is not good is refused in one way, whatever the reason."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tokens.conf import token_settings
from tokens.models import RevokeReason, TokenFamily
from tokens.signing import Claims, InvalidToken, TokenKind, read, sign

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenPair:
    """What a client gets: one token to work with, one to get the next pair."""

    access: str
    refresh: str


def begin(user: AbstractBaseUser, *, now: dt.datetime) -> TokenPair:
    """Begin a login for somebody who has just proven who they are.

    :raises InvalidToken: the user was deleted at this very moment.
    """
    with transaction.atomic():
        # First, because it also keeps the row until the end of this transaction.
        if not get_user_model()._base_manager.filter(pk=user.pk).update(last_login=now):
            raise InvalidToken
        family = TokenFamily.objects.create(
            user=user,
            password_state=user.get_session_auth_hash(),
            current=uuid.uuid4(),
            created_at=now,
            expires_at=now + token_settings().refresh_lifetime,
        )
    return _pair(family, refresh=family.current, now=now)


def refresh(text: str, *, now: dt.datetime) -> TokenPair:
    """Exchange a refresh token for a new pair. Of any number of parallel tries one succeeds.

    A token that comes a second time was copied: nobody can tell the thief from the owner, so that both are logged out.
    Right after its first use it is more likely a client that asked twice; then it is refused, and nothing else happens.

    :raises InvalidToken: it is not good, or no longer.
    """
    claims = read(TokenKind.REFRESH, text)
    family = _good_family(claims, now=now)
    following = uuid.uuid4()
    # Compare and set: what else happens at this moment, one UPDATE finds the token current and the others do not.
    won = TokenFamily.objects.filter(pk=family.pk, current=claims.identifier, revoked_at=None).update(
        current=following, previous=claims.identifier, rotated_at=now
    )
    if not won:
        _revoke_after_reuse(claims, now=now)
        raise InvalidToken
    return _pair(family, refresh=following, now=now)


def end(text: str, *, now: dt.datetime) -> None:
    """End the login that a refresh token comes from, also an exchanged one; ending it twice changes nothing.

    :raises InvalidToken: it is no refresh token of ours, or it has expired.
    """
    claims = read(TokenKind.REFRESH, text)
    TokenFamily.objects.filter(pk=claims.family, revoked_at=None).update(
        revoked_at=now, revoke_reason=RevokeReason.LOGOUT
    )


def person_of(text: str, *, now: dt.datetime) -> AbstractBaseUser:
    """Return whose access token this is; one query.

    :raises InvalidToken: it is not good, or no longer.
    """
    user: AbstractBaseUser = _good_family(read(TokenKind.ACCESS, text), now=now).user
    return user


def purge(*, now: dt.datetime) -> int:
    """Delete the logins whose tokens have all expired; returns how many."""
    deleted, _by_model = TokenFamily.objects.filter(expires_at__lte=now).delete()
    return deleted


def _good_family(claims: Claims, *, now: dt.datetime) -> TokenFamily:
    family = TokenFamily.objects.select_related("user").filter(pk=claims.family, revoked_at=None).first()
    if family is None or family.expires_at <= now:
        raise InvalidToken
    if not (family.user.is_active and family.has_password_of(family.user)):
        raise InvalidToken
    return family


def _revoke_after_reuse(claims: Claims, *, now: dt.datetime) -> None:
    lost_a_race = {"previous": claims.identifier, "rotated_at__gt": now - token_settings().race_grace}
    live = TokenFamily.objects.filter(pk=claims.family, revoked_at=None)
    if live.exclude(**lost_a_race).update(revoked_at=now, revoke_reason=RevokeReason.REUSE):
        logger.warning("A refresh token was used a second time; token family %s is revoked.", claims.family)


def _pair(family: TokenFamily, *, refresh: uuid.UUID, now: dt.datetime) -> TokenPair:
    access_end = min(now + token_settings().access_lifetime, family.expires_at)
    return TokenPair(
        access=sign(TokenKind.ACCESS, Claims(family=family.pk, identifier=uuid.uuid4()), expires_at=access_end),
        refresh=sign(TokenKind.REFRESH, Claims(family=family.pk, identifier=refresh), expires_at=family.expires_at),
    )
