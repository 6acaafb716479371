"""One run of the demo, from an empty folder to delivered reports."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from demo.log_file import LogFile
from demo.ports import HOST, is_answering
from demo.preparation import prepare_demo
from demo.processes import Processes
from demo.single_run import SingleRun
from demo.stopping import Stopped, StopRequests
from demo.summary import missing_files, shown, summary
from demo.waiting import Watch
from django_report_scheduling.services.clock import database_now

GRACE_SECONDS: Final = 10.0
WEB_SERVER_SECONDS: Final = 30.0
WORKER: Final = ("-m", "celery", "-A", "example_project", "worker", "-B", "--pool", "prefork", "--concurrency", "2")
QUIET: Final = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")


class DemoRun:
    """One run of the demo.

    :param lock: held for as long as the run lasts.
    :param choose_port: says where the web server is to listen; ``None`` for a run without one.
    :param patience: seconds to wait for the reports.
    :param tell: takes a line for people.
    """

    def __init__(
        self,
        *,
        log: LogFile,
        lock: SingleRun,
        stops: StopRequests,
        choose_port: Callable[[], int] | None,
        patience: float,
        tell: Callable[[str], None],
    ) -> None:
        self._log, self._lock, self._stops, self._patience = log, lock, stops, patience
        self._choose_port, self._tell = choose_port, tell
        self._port: int | None = None
        self._url = ""
        self._serving = False

    def make_and_deliver(self) -> None:
        """Make and deliver the reports, tell where they are, and end.

        :raises CommandError: not every report was made and delivered in time, or a process ended by itself.
        """
        report_ids = self._prepare()
        with self._processes() as processes:
            problems = self._watch(report_ids, processes) or missing_files(report_ids)
        self._tell_all("Done." if not problems else "", report_ids)
        if problems:
            msg = "Not all is well:\n" + "\n".join(f"  {problem}" for problem in problems)
            raise CommandError(msg)

    def serve(self) -> None:
        """Do the same, then stay until somebody stops it.

        :raises CommandError: a process ended by itself.
        """
        try:
            report_ids = self._prepare()
            with self._processes() as processes:
                self._wait_for_web_server(processes)
                problems = self._watch(report_ids, processes) or missing_files(report_ids)
                self._tell_all("Ready." if not problems else "Running, but not all is well:", report_ids, problems)
                self._tell("\nCtrl-C stops everything.")
                self._serving = True
                self._stay(processes)
        except Stopped:
            if not self._serving:
                raise
            self._tell("\nStopped. Nothing is left running.")

    def _prepare(self) -> list[Any]:
        self._tell(f"Setting up {shown(settings.VAR_DIR)} …")
        call_command("migrate", verbosity=0, interactive=False)
        self._tell(f"Importing {shown(self._log.path)} …")
        said = io.StringIO()
        reports = prepare_demo(log=self._log, now=database_now(), stdout=said)
        for line in said.getvalue().splitlines():
            self._tell(f"  {line}")
        connections.close_all()
        return [report.pk for report in reports]

    @contextmanager
    def _processes(self) -> Iterator[Processes]:
        if self._choose_port is not None:
            self._port = self._choose_port()
            self._url = f"http://{HOST}:{self._port}/"
        processes = Processes(
            folder=settings.BASE_DIR,
            logs=settings.VAR_DIR / "log",
            environment={
                "EXAMPLE_VAR_DIR": str(settings.VAR_DIR),
                **({"BASE_URL": self._url.rstrip("/")} if self._url else {}),
            },
            kept_open=(self._lock.descriptor,),
        )
        try:
            processes.start("worker", *WORKER, *QUIET)
            if self._port is not None:
                processes.start("web server", "manage.py", "runserver", f"{HOST}:{self._port}", "--noreload")
            self._lock.note(processes=processes.ids, url=self._url)
            yield processes
        finally:
            processes.stop(grace=GRACE_SECONDS)

    def _wait_for_web_server(self, processes: Processes) -> None:
        assert self._port is not None  # noqa: S101  # a run that serves has one
        deadline = time.monotonic() + WEB_SERVER_SECONDS
        while not is_answering(self._port):
            processes.check()
            if time.monotonic() > deadline:
                msg = f"The web server does not answer. See {shown(settings.VAR_DIR / 'log' / 'web.log')}."
                raise CommandError(msg)
            time.sleep(0.1)

    def _watch(self, report_ids: list[Any], processes: Processes) -> list[str]:
        self._tell("Waiting for the first reports …")

        def meanwhile() -> None:
            processes.check()
            self._stops.check_make()

        watch = Watch(report_ids, tell=lambda line: self._tell(f"  {line}"))
        return watch.until_done(seconds=self._patience, meanwhile=meanwhile)

    def _tell_all(self, opening: str, report_ids: list[Any], problems: list[str] | None = None) -> None:
        self._tell(f"\n{opening}\n" if opening else "")
        for problem in problems or []:
            self._tell(f"  {problem}")
        for line in summary(report_ids, url=self._url):
            self._tell(line)

    def _stay(self, processes: Processes) -> None:
        connections.close_all()
        while True:
            processes.check()
            self._stops.check_make()
            time.sleep(1)
