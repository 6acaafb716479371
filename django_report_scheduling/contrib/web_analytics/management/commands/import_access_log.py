"""``manage.py import_access_log FILE --account SLUG``."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError
from django_report_scheduling.contrib.web_analytics.access_log.source import STANDARD_INPUT, open_log
from django_report_scheduling.contrib.web_analytics.importing import ImportResult, import_access_log
from django_report_scheduling.contrib.web_analytics.models import Site
from django_report_scheduling.contrib.web_analytics.own_hosts import remember_own_hosts
from django_report_scheduling.observability.doctor.redaction import redacted

NAMED_ACCOUNTS = 20
INTERRUPTED = 130


class Command(BaseCommand):
    """Import a web server's access log for one account."""

    help = (
        "Import an access log of Apache or nginx (Common or Combined Log Format; plain, gzip or standard input). "
        "Importing the same lines again adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file, the account and its hosts."""
        parser.add_argument("file", metavar="FILE", help=f"The log; {STANDARD_INPUT} reads standard input.")
        parser.add_argument("--account", required=True, metavar="SLUG", help="Slug of the account whose traffic it is.")
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            metavar="NAME",
            help="Own host name of the account, whose links are internal; may be repeated. "
            "Until it is given, the host whose pages load most of the assets is taken, if there is one.",
        )

    def handle(self, *_args: Any, file: str, account: str, host: list[str], **_options: Any) -> None:
        """Import, then say what came of it; the last line of the output is made for scripts."""
        try:
            self._import(file, account, host)
        except DatabaseError as error:
            raise CommandError(_refusal(error)) from error

    def _import(self, file: str, account: str, host: list[str]) -> None:
        account_id = _account_id(account)
        progress = _Progress()
        try:
            with open_log(file, sys.stdin.buffer) as stream, _collecting_seldom():
                result = import_access_log(stream=stream, account_id=account_id, progress=progress.show)
        except AccessLogError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            msg = "Interrupted. What was read so far is kept; run the command again to import the rest."
            raise CommandError(msg, returncode=INTERRUPTED) from error
        finally:
            progress.clear()
        self._tell(result, remember_own_hosts(account_id=account_id, given=host))

    def _tell(self, result: ImportResult, site: Site) -> None:
        for line in result.first_unreadable:
            self.stderr.write(f"line {line.number} cannot be read: {line.excerpt}")
        unnamed = result.unreadable - len(result.first_unreadable)
        if unnamed:
            self.stderr.write(f"… and {unnamed} more lines that cannot be read.")
        self.stdout.write(_about_hosts(site))
        self.stdout.write(f"imported={result.imported} duplicates={result.duplicates} unreadable={result.unreadable}")


def _about_hosts(site: Site) -> str:
    if site.hosts:
        return f"Links from {', '.join(site.hosts)} count as internal (change with --host)."
    if site.guessed_host:
        return (
            f"Links from {site.guessed_host} count as internal, as its pages load most of the assets. "
            f"This is a guess, made anew with every import until you name your hosts with --host."
        )
    return "Your own host cannot be told from this traffic, so links from it count as referrals: name it with --host."


def _refusal(error: DatabaseError) -> str:
    reason = redacted(str(error)).strip().partition("\n")[0]
    return f"The database refused: {reason}. Is it running, and is “python manage.py migrate” done?"


def _account_id(slug: str) -> str:
    accounts = get_account_model()._default_manager.order_by("slug")
    found = accounts.filter(slug=slug).values_list("pk", flat=True).first()
    if found is not None:
        return str(found)
    known = list(accounts.values_list("slug", flat=True)[: NAMED_ACCOUNTS + 1])
    if not known:
        msg = f"There is no account {slug!r}, nor any other. Create one first, in the admin or in manage.py shell."
    else:
        names = ", ".join(known[:NAMED_ACCOUNTS]) + (", …" if len(known) > NAMED_ACCOUNTS else "")
        msg = f"There is no account {slug!r}. Known are: {names}."
    raise CommandError(msg)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let the cyclic garbage collector run a hundred times more seldom.

    Rows are many and short-lived, and never part of a cycle; looking for one among them takes a sixth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(before[0] * 100, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Progress:
    """One line on a terminal, rewritten after each batch; nothing anywhere else."""

    def __init__(self) -> None:
        self._shown = False
        self._terminal = sys.stderr.isatty()
        self._start = time.monotonic()

    def show(self, result: ImportResult) -> None:
        if self._terminal:
            rate = result.lines / max(time.monotonic() - self._start, 1e-9)
            sys.stderr.write(f"\r{result.lines:,} lines read, {rate:,.0f} a second ")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r" + " " * 60 + "\r")
