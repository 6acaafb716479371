"""``manage.py demo_setup``: users, account, log, schedules and first reports, without starting anything."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from demo.log_file import find_log
from demo.people import demo_password
from demo.preparation import prepare_demo
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.services.clock import database_now


class Command(BaseCommand):
    """Set the demo up."""

    help = "Set up the demo: users, an account, an access log, schedules and first reports. Needs migrate before."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the log."""
        parser.add_argument("--log", default="", metavar="FILE", help="Access log; without it the shipped one.")

    def handle(self, *_args: Any, log: str, **_options: Any) -> None:
        """Set up, then say how to log in."""
        try:
            reports = prepare_demo(log=find_log(log), now=database_now(), stdout=self.stdout)
        except ReportSchedulingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(reports)} reports are asked for; a worker with beat makes and sends them.")
        self.stdout.write(f"Users: admin, manager, client; password: {demo_password()}")
