"""``manage.py demo``: everything from an access log to delivered reports, in one go."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from example_project.var_folder import prepare_folder

from demo.log_file import find_log
from demo.ports import choose_port
from demo.run import DemoRun
from demo.single_run import single_run
from demo.stopping import Stopped, StopRequests
from django_report_scheduling.exceptions import ReportSchedulingError

INTERRUPTED = 130
PATIENCE_SECONDS = 180


class Command(BaseCommand):
    """Run the demo."""

    help = "Make real reports from a web server's access log, mail them on schedule, and show them on a web page."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what can be chosen."""
        parser.add_argument("--log", default="", metavar="FILE", help="Access log; without it the shipped one.")
        parser.add_argument("--port", type=int, metavar="N", help="Port of the web server; else a free one from 8000.")
        parser.add_argument(
            "--once", action="store_true", help="Make and deliver the reports, print where they are, and end."
        )
        parser.add_argument(
            "--timeout", type=int, default=PATIENCE_SECONDS, metavar="SECONDS", help="How long to wait for the reports."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until somebody stops it; with ``--once`` until the reports are delivered."""
        stops = StopRequests()
        try:
            self._run(stops, **options)
        except ReportSchedulingError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            msg = f"The database cannot be used: {error}. Check DATABASE_URL, or unset it to use a file."
            raise CommandError(msg) from error
        except Stopped:
            msg = "Stopped before the reports were there. Nothing is left running; start again at any time."
            raise CommandError(msg, returncode=INTERRUPTED) from None

    def _run(self, stops: StopRequests, *, log: str, port: int | None, once: bool, timeout: int, **_: Any) -> None:
        found = find_log(log)
        if not once:
            choose_port(port)
        for folder in ("media", "mail", "log"):
            prepare_folder(settings.VAR_DIR / folder)
        with single_run(settings.VAR_DIR / "demo.lock") as lock:
            run = DemoRun(
                log=found,
                lock=lock,
                stops=stops,
                # Chosen again when the web server starts: setting up takes a while, and ports are anybody's.
                choose_port=None if once else lambda: choose_port(port),
                patience=timeout,
                tell=self._tell,
            )
            if once:
                run.make_and_deliver()
            else:
                run.serve()

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
