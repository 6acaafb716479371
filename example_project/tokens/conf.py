"""The settings of this app: one dict, ``TOKENS``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenSettings:
    """What may stand in ``TOKENS``; a name that is not here is refused."""

    signing_keys: Sequence[str]
    """The first one signs; the others still verify what they have signed. At least 32 bytes each, never SECRET_KEY."""
    issuer: str
    audience: str
    access_lifetime: dt.timedelta = dt.timedelta(minutes=5)
    refresh_lifetime: dt.timedelta = dt.timedelta(days=1)
    """How long after a login its tokens can be refreshed; refreshing does not extend it."""
    race_grace: dt.timedelta = dt.timedelta(seconds=10)
    """How long after a refresh its token may come again without being taken for stolen; it is refused all the same."""


def token_settings() -> TokenSettings:
    """Return the settings as they are now.

    :raises TypeError: a name is unknown or missing.
    """
    return TokenSettings(**{name.lower(): value for name, value in settings.TOKENS.items()})
