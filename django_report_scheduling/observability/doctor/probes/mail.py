"""Mail leaves the machine."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import parseaddr
from typing import Final

from django.conf import settings

from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.mailers import DEFAULT_MAILER, Mailer, mailer
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.time_limit import within

CAPTIVE: Final = {
    "locmem": "kept in memory",
    "console": "printed on the terminal",
    "dummy": "thrown away",
    "filebased": "written to files",
}
"""Django's mail backends that send nothing, and what becomes of mail there."""
PLACEHOLDER: Final = "webmaster@localhost"
OPTIONS: Final = 'REPORT_SCHEDULING["CHANNELS"]["email"]["OPTIONS"]'


class MailProbe(Probe):
    """Opens the connection that mails will go through, log-in included; sends nothing.

    :param seconds: how long to wait for the server.
    """

    part = "mail"
    fix = "Correct the settings of your mail server."

    def __init__(self, *, seconds: float = 8) -> None:
        self._seconds = seconds

    def run(self) -> Iterable[Finding]:
        """Yield whether the server lets us in, and whether the sender is real."""
        if "email" not in conf.CHANNELS:
            yield self.skip("No channel sends mail.")
            return
        options = conf.CHANNELS["email"].get("OPTIONS", {})
        yield self._connection(options.get("using") or DEFAULT_MAILER)
        sender = options.get("from_email") or settings.DEFAULT_FROM_EMAIL
        if parseaddr(sender)[1] == PLACEHOLDER:
            yield self.warn(
                f"Mails come from {PLACEHOLDER}, which most servers refuse.",
                fix='Set DEFAULT_FROM_EMAIL = "Reports <reports@your-domain.example>".',
            )

    def _connection(self, alias: str) -> Finding:
        try:
            way = mailer(alias)
        except ValueError as error:
            return self.fail(f"Mail cannot be sent: {error}", fix=f'Take "using": "{alias}" out of {OPTIONS}.')
        if not way.configured:
            return self.fail(f'MAILERS has no entry "{alias}".', fix=f"Set {way.example}.")
        try:
            within(self._seconds, lambda: _open(way, self._seconds))
        except Exception as error:  # noqa: BLE001  # each backend raises its own kinds
            return self.fail(f"{_where(way)} refuses: {type(error).__name__}: {error}", fix=_fix(way))
        kind = _kind(way.backend)
        if kind in CAPTIVE:
            fix = f"For production set {way.example}."
            return self.warn(f"Mail does not leave this machine: it is {CAPTIVE[kind]}.", fix=fix)
        return self.ok(f"{_where(way)} lets us in.")


def _open(way: Mailer, seconds: float) -> None:
    connection = way.connection()
    if getattr(connection, "timeout", 0) is None:
        connection.timeout = seconds
    connection.open()
    connection.close()


def _kind(backend: str) -> str:
    module = backend.rpartition(".")[0]
    return module.rpartition(".")[2] if module.startswith("django.core.mail.backends.") else ""


def _where(way: Mailer) -> str:
    return f"{way.value('host')}:{way.port}" if _kind(way.backend) == "smtp" else way.backend


def _fix(way: Mailer) -> str:
    kind = _kind(way.backend)
    if kind == "filebased":
        return f"Make the folder {way.setting('file_path')} = {str(way.value('file_path'))!r} writable for this user."
    if kind == "smtp":
        host, port, user, password, tls, ssl = map(
            way.setting, ("host", "port", "username", "password", "use_tls", "use_ssl")
        )
        return f"Correct {host}, {port}, {user}, {password} and {tls} (587) or {ssl} (465); is the port open from here?"
    return f"Correct the settings of {way.backend}."
