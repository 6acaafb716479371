"""PDF files can be made, and making them does not kill the process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from typing import Final

from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.renderers import trial
from django_report_scheduling.rendering import renderers
from django_report_scheduling.rendering.pdf import PdfRenderer

TRIAL: Final = "from weasyprint import HTML; HTML(string='doctor').write_pdf()"
SECONDS: Final = 60


class PdfProbe(Probe):
    """Makes a small PDF, first in a process that may die: Pango ends its process where there is no font at all."""

    part = "pdf"
    fix = (
        "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core; "
        "macOS: brew install pango"
    )

    def run(self) -> Iterable[Finding]:
        """Yield what became of it."""
        aliases = [alias for alias in renderers if makes_pdf(alias)]
        if not aliases:
            yield self.skip("No renderer makes PDF files.")
            return
        if not any(renderers[alias].check() for alias in aliases) and (died := _death()):
            yield self.fail(f"Making a PDF ends the process ({died}); is there any font?", fix=self.fix)
            return
        for alias in aliases:
            yield from trial(self, alias)


def makes_pdf(alias: str) -> bool:
    """Whether the renderer of this alias is our one for PDF; one that cannot be loaded is not."""
    try:
        return isinstance(renderers[alias], PdfRenderer)
    except InvalidPlugin:
        return False


def _death() -> str:
    """Return how a process that makes a PDF dies, or an empty text when it lives."""
    command = [sys.executable, "-c", TRIAL]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # our own interpreter and text
    return f"signal {-done.returncode}" if done.returncode < 0 else ""
