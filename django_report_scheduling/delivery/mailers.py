"""How the host sends mail: an entry of ``MAILERS`` from Django 6.1 on, else the ``EMAIL_*`` settings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final, cast

from django.conf import settings
from django.core import mail

from django_report_scheduling.conf import host_setting

DEFAULT_MAILER: Final = "default"
SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"

_OLD_NAMES: Final = {"username": "EMAIL_HOST_USER", "password": "EMAIL_HOST_PASSWORD"}
_PORTS: Final = {"use_ssl": 465, "use_tls": 587}


class Mailer(ABC):
    """One way out for mail. Options go by their names in ``MAILERS``, whatever the host's settings are called."""

    @property
    @abstractmethod
    def configured(self) -> bool:
        """Whether it is in the settings at all."""

    @property
    @abstractmethod
    def backend(self) -> str:
        """Dotted path of the class that sends."""

    @property
    @abstractmethod
    def port(self) -> int:
        """Port of the mail server."""

    @property
    @abstractmethod
    def example(self) -> str:
        """What to write in the settings for a mail server."""

    @abstractmethod
    def value(self, option: str) -> Any:
        """Return the value of an option, ``None`` when it has none."""

    @abstractmethod
    def setting(self, option: str) -> str:
        """Return how an option is called in the settings."""

    @abstractmethod
    def connection(self) -> Any:
        """Return Django's connection, not yet open."""


class NamedMailer(Mailer):
    """An entry of ``MAILERS``."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    @property
    def configured(self) -> bool:
        """Whether ``MAILERS`` has this entry."""
        return self._alias in host_setting("MAILERS")

    @property
    def backend(self) -> str:
        """Return the entry's ``BACKEND``; without one Django takes SMTP."""
        return str(self._entry.get("BACKEND", SMTP))

    @property
    def port(self) -> int:
        """Return the entry's ``port``; without one Django goes by the encryption."""
        usual = next((port for option, port in _PORTS.items() if self.value(option)), 25)
        return int(self.value("port") or usual)

    @property
    def example(self) -> str:
        """Return an entry for a mail server."""
        return f'MAILERS["{self._alias}"] = {{"BACKEND": "{SMTP}", "OPTIONS": {{"host": "mail.your-domain.example"}}}}'

    def value(self, option: str) -> Any:
        """Return what the entry's ``OPTIONS`` say."""
        return self._entry.get("OPTIONS", {}).get(option)

    def setting(self, option: str) -> str:
        """Return the place in ``MAILERS``."""
        return f'MAILERS["{self._alias}"]["OPTIONS"]["{option}"]'

    def connection(self) -> Any:
        """Return Django's connection."""
        return cast("Any", mail).mailers[self._alias]

    @property
    def _entry(self) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", host_setting("MAILERS").get(self._alias, {}))


class SettingsMailer(Mailer):
    """The only mailer of a host with ``EMAIL_*`` settings, which Django 6.1 deprecates."""

    configured = True
    example = f'EMAIL_BACKEND = "{SMTP}" and EMAIL_HOST'

    @property
    def backend(self) -> str:
        """Return ``EMAIL_BACKEND``."""
        return str(self.value("backend"))

    @property
    def port(self) -> int:
        """Return ``EMAIL_PORT``."""
        return int(self.value("port"))

    def value(self, option: str) -> Any:
        """Return the setting."""
        return host_setting(self.setting(option))

    def setting(self, option: str) -> str:
        """Return the name of the setting."""
        return _OLD_NAMES.get(option) or f"EMAIL_{option.upper()}"

    def connection(self) -> Any:
        """Return Django's connection."""
        handler = getattr(mail, "mailers", None)
        return mail.get_connection() if handler is None else handler[DEFAULT_MAILER]


def mailer(alias: str = DEFAULT_MAILER) -> Mailer:
    """Return the mailer of this name.

    :raises ValueError: only Django 6.1 with ``MAILERS`` has mailers beside the default one.
    """
    if hasattr(mail, "mailers") and hasattr(settings, "MAILERS"):
        return NamedMailer(alias)
    if alias != DEFAULT_MAILER:
        msg = f"the mailer {alias!r} needs Django 6.1 or newer and the setting MAILERS."
        raise ValueError(msg)
    return SettingsMailer()
