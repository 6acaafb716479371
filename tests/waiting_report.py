"""A report that takes as long as a test wants, also in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from tests.sample_report import SampleReport


class WaitingReport(SampleReport):
    """Says that its query has begun, and ends when it is told to: both by a file in the folder of :func:`at_work`."""

    key = "waiting"
    title = "Waiting report"

    def query(self, request):
        folder = Path(settings.SCRATCH)
        at_work(folder).touch()
        while not may_end(folder).exists():
            time.sleep(0.05)
        return super().query(request)


def at_work(scratch: Path) -> Path:
    """The file that tells that a query has begun."""
    return scratch / "report-at-work"


def may_end(scratch: Path) -> Path:
    """The file that lets it end."""
    return scratch / "report-may-end"
