"""Values that the database keeps but must not be able to read: sealed under ``SECRET_KEYS``, each for one place only.

Fernet (AES-128-CBC with HMAC-SHA256) under keys that HKDF-SHA256 (RFC 5869) derives from each entry of ``SECRET_KEYS``
and from the place. A value copied to another row was sealed under another key, so there is no check to forget.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables

from django_report_scheduling.conf import SETTINGS_NAME, conf
from django_report_scheduling.exceptions import Unsealable

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

MIN_KEY_LENGTH: Final = 32
_PURPOSE: Final = b"django-report-scheduling sealed value 1:"
_NAME: Final = f'{SETTINGS_NAME}["SECRET_KEYS"]'
_NEW_KEY: Final = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


@sensitive_variables()
def seal(text: str, *, place: str) -> str:
    """Encrypt a text with the newest key.

    :param place: where it will be kept, as ``model:id:field``; only the same place opens it again.
    :raises ImproperlyConfigured: ``SECRET_KEYS`` is missing or too short, or cryptography is not installed.
    """
    return _box(place).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, place: str) -> str:
    """Decrypt what :func:`seal` returned for this place, with any of the keys.

    :raises Unsealable: it was altered, belongs elsewhere, was never sealed, or its key is gone. Nothing is returned in
        such a case, never the sealed value itself.
    :raises ImproperlyConfigured: as in :func:`seal`.
    """
    box = _box(place)
    try:
        return box.decrypt(sealed.encode()).decode()
    except (_invalid_token(), UnicodeError) as error:
        raise _unsealable(place) from error


def reseal(sealed: str, *, place: str) -> str:
    """Return the value under the newest key; the very same text where it is under it already.

    :raises Unsealable: as in :func:`unseal`.
    :raises ImproperlyConfigured: as in :func:`seal`.
    """
    if is_current(sealed, place=place):
        return sealed
    return seal(unseal(sealed, place=place), place=place)


@sensitive_variables()
def is_current(sealed: str, *, place: str) -> bool:
    """Whether the newest key alone opens the value, so that older keys are not needed for it."""
    newest = _keys()[:1]
    try:
        _box(place, newest).decrypt(sealed.encode())
    except _invalid_token():
        return False
    return True


def is_key(value: object) -> bool:
    """Whether a value may be an entry of ``SECRET_KEYS``."""
    return isinstance(value, str) and len(value) >= MIN_KEY_LENGTH


@sensitive_variables()
def _box(place: str, keys: Sequence[str] | None = None) -> MultiFernet:
    fernet = _library("cryptography.fernet")
    box: MultiFernet = fernet.MultiFernet([fernet.Fernet(_derived(key, place)) for key in keys or _keys()])
    return box


@sensitive_variables()
def _derived(key: str, place: str) -> bytes:
    hkdf = _library("cryptography.hazmat.primitives.kdf.hkdf")
    hashes = _library("cryptography.hazmat.primitives.hashes")
    derivation = hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE + place.encode())
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))


@sensitive_variables()
def _keys() -> Sequence[str]:
    keys = conf.SECRET_KEYS
    if not keys:
        msg = f"{_NAME} is empty: without a key no secret can be kept. Make one: {_NEW_KEY}"
        raise ImproperlyConfigured(msg)
    if isinstance(keys, str) or not all(is_key(key) for key in keys):
        msg = f"{_NAME} must be a list of texts of at least {MIN_KEY_LENGTH} characters each. Make one: {_NEW_KEY}"
        raise ImproperlyConfigured(msg)
    return keys


def _invalid_token() -> type[Exception]:
    invalid_token: type[Exception] = _library("cryptography.fernet").InvalidToken
    return invalid_token


def _unsealable(place: str) -> Unsealable:
    return Unsealable(
        f"The value at {place} cannot be opened: it was altered or copied from elsewhere, or the key that sealed it is "
        f"no longer in {_NAME}. Put the key back at the end of the list, or replace the value."
    )


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        msg = "Sealing needs cryptography. Run: pip install 'django-report-scheduling[webhooks]'"
        raise ImproperlyConfigured(msg) from error
