"""Each format beside PDF can really be made."""

from __future__ import annotations

import datetime as dt
import io
import time
from collections.abc import Iterable, Iterator

from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.period import Period
from django_report_scheduling.rendering import Document, renderers
from django_report_scheduling.rendering.pdf import PdfRenderer
from django_report_scheduling.reports import AccountProfile, Column, Figure, Headline, ReportContent, Table


class RenderersProbe(Probe):
    """Lets each configured renderer check itself and make a small file; PDF has a probe of its own."""

    part = "renderers"

    def run(self) -> Iterable[Finding]:
        """Yield what became of each format."""
        for alias in renderers:
            try:
                if not isinstance(renderers[alias], PdfRenderer):
                    yield from trial(self, alias)
            except InvalidPlugin as error:
                yield self.fail(str(error), fix=f'Correct REPORT_SCHEDULING["RENDERERS"]["{alias}"].')


def trial(probe: Probe, alias: str) -> Iterator[Finding]:
    """Yield what a renderer finds wrong itself or, if that is nothing, what it makes of a small document.

    :raises InvalidPlugin: the renderer cannot be loaded.
    """
    problems = list(probe.from_checks(renderers[alias].check()))
    if problems:
        yield from problems
        return
    output = io.BytesIO()
    started = time.monotonic()
    try:
        renderers[alias].render(small_document(), output)
    except Exception as error:  # noqa: BLE001  # a renderer of a host may raise anything
        yield probe.fail(
            f"“{alias}” failed on a small report: {type(error).__name__}: {error}",
            fix=f'Correct its libraries, or remove "{alias}" from REPORT_SCHEDULING["RENDERERS"].',
        )
        return
    milliseconds = (time.monotonic() - started) * 1000
    if output.tell():
        yield probe.ok(f"“{alias}” made {output.tell()} bytes in {milliseconds:.0f} ms.")
    else:
        yield probe.fail(f"“{alias}” made an empty file.", fix="Correct the renderer's render().")


def small_document() -> Document:
    """Return a document with a figure and a table."""
    start = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
    table = Table(key="parts", title="Parts", columns=(Column(key="part", label="Part"),), rows=(("doctor",),))
    return Document(
        report_type="doctor",
        title="Doctor",
        account=AccountProfile(id="0", slug="doctor", name="Doctor"),
        period=Period(start=start, end=start + dt.timedelta(days=7)),
        parameters={},
        content=ReportContent(
            metrics={"parts": 1}, blocks=(Headline(figures=(Figure(label="Parts", value=1),)), table)
        ),
        generated_at=start + dt.timedelta(days=7),
    )
