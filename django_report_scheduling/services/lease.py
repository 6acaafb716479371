"""Keeping a worker's hold on a report alive while it works."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import Error as DatabaseFailure
from django.db import connections

from django_report_scheduling.conf import conf
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.report_claims import renew_lease

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews the lease of a claimed report every ``LEASE_RENEWAL`` seconds, inside a ``with`` block.

    It works in a thread with a database connection of its own, and ends by itself when the lease is lost or the hard
    time limit is reached. A renewal that fails is tried again: the lease outlives several of them.
    """

    def __init__(self, report: GeneratedReport, *, clock: Callable[[], dt.datetime]) -> None:
        self._report = report
        self._clock = clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"lease-{report.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stop.wait(conf.LEASE_RENEWAL):
                if not self._renew():
                    return
        finally:
            connections.close_all()

    def _renew(self) -> bool:
        try:
            return renew_lease(self._report, now=self._clock())
        except DatabaseFailure as error:
            name = type(error).__name__
            logger.warning("The lease of report %s could not be renewed (%s); trying again.", self._report.pk, name)
            # A connection that broke stays broken; the next renewal opens a new one.
            connections.close_all()
            return True
