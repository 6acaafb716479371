"""``manage.py report_scheduling doctor | tick | generate | purge | grant``."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.db import DatabaseError

from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.management.subcommands import SUBCOMMANDS
from django_report_scheduling.observability.doctor.redaction import redacted

COMMON_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("-v", "--verbosity"), {"type": int, "choices": [0, 1, 2, 3]}),
    (("--settings",), {}),
    (("--pythonpath",), {}),
    (("--traceback",), {"action": "store_true"}),
    (("--no-color",), {"action": "store_true"}),
    (("--force-color",), {"action": "store_true"}),
    (("--skip-checks",), {"action": "store_true"}),
)
"""Django's own options; here they may also stand behind the name of the subcommand."""


class Command(BaseCommand):
    """The command; each subcommand is a class of its own."""

    help = "Work on scheduled reports: see what is wrong, run what is due, make one report, clean up, give roles."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the subcommands."""
        subparsers = parser.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True, title="subcommands")
        for name, subcommand in SUBCOMMANDS.items():
            subparser = subparsers.add_parser(
                name, help=subcommand.help, description=subcommand.help, formatter_class=DjangoHelpFormatter
            )
            subcommand.add_arguments(subparser)
            for flags, options in COMMON_OPTIONS:
                subparser.add_argument(*flags, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **options)

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the system checks first, as every command does; but let the doctor show them himself."""
        if SUBCOMMANDS[options["subcommand"]].checks_itself:
            options["skip_checks"] = True
        return super().execute(*args, **options)

    def handle(self, *_args: Any, subcommand: str, **options: Any) -> None:
        """Run the subcommand; what it raises on purpose ends the process with a message and without a traceback."""
        try:
            SUBCOMMANDS[subcommand](self).run(**options)
        except ReportSchedulingError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            msg = (
                f"The database refused: {redacted(str(error)).strip()}\n"
                f"Is it running, and is “python manage.py migrate” done? "
                f"“python manage.py report_scheduling doctor” tells more."
            )
            raise CommandError(msg) from error
