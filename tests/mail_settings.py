"""The settings for mail, in the way that this Django wants them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings as django_settings
from django.test import override_settings

if TYPE_CHECKING:
    from pytest_django import Settings

HAS_MAILERS = django.VERSION >= (6, 1)
OLD_NAMES = {"username": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD"}


def mail_settings(backend: str, **options: Any) -> dict[str, Any]:
    """Return the settings of a host whose only mailer this is.

    :param backend: one of Django's, by the name of its module; or a dotted path.
    :param options: as in ``MAILERS``.
    """
    if HAS_MAILERS:
        return {"MAILERS": {"default": {"BACKEND": backend_path(backend), "OPTIONS": options}}}
    return old_mail_settings(backend, **options)


def old_mail_settings(backend: str, **options: Any) -> dict[str, Any]:
    """Return the same as the settings that Django had before 6.1, which deprecates them."""
    named = {OLD_NAMES.get(option, f"EMAIL_{option.upper()}"): value for option, value in options.items()}
    return {"EMAIL_BACKEND": backend_path(backend), **named}


def backend_path(backend: str) -> str:
    return backend if "." in backend else f"django.core.mail.backends.{backend}.EmailBackend"


def send_through(settings: Settings, backend: str, **options: Any) -> None:
    """Make this the only mailer for one test."""
    for name, value in mail_settings(backend, **options).items():
        setattr(settings, name, value)


@contextmanager
def sending_the_old_way(backend: str, **options: Any) -> Iterator[None]:
    """Be a host that has the settings from before 6.1, whatever Django this is.

    Django warns of them when they are set and when they are restored; what reads them meanwhile must not.
    """
    override = override_settings(**old_mail_settings(backend, **options))
    with quietly():
        override.enable()
    if HAS_MAILERS:
        del django_settings.MAILERS
    try:
        yield
    finally:
        with quietly():
            override.disable()


@contextmanager
def quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        yield
