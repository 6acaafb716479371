"""PDF files can show the scripts that names and texts are written in."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.pdf import makes_pdf
from django_report_scheduling.rendering import renderers
from django_report_scheduling.rendering.pdf import ENGINE


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A script, a text in it, and where its fonts come from.

    :param essential: no report is readable without it.
    """

    name: str
    sample: str
    debian: str
    brew: str
    essential: bool = False


SCRIPTS: Final = (
    Script(name="Latin", sample="Añ ßœ €", debian="fonts-noto-core", brew="font-noto-sans", essential=True),
    Script(name="Cyrillic and Greek", sample="Жы Ωλ", debian="fonts-noto-core", brew="font-noto-sans"),
    Script(name="Arabic", sample="تقرير", debian="fonts-noto-core", brew="font-noto-sans-arabic"),
    Script(name="Hebrew", sample="דוח", debian="fonts-noto-core", brew="font-noto-sans-hebrew"),
    Script(
        name="Chinese, Japanese, Korean",
        sample="报告レポート보고서",
        debian="fonts-noto-cjk",
        brew="font-noto-sans-cjk",
    ),
    Script(name="Emoji", sample="📈", debian="fonts-noto-color-emoji", brew="font-noto-color-emoji"),
)


class FontsProbe(Probe):
    """Lays out a text in each script and listens for characters that no font has.

    :param scripts: what to lay out.
    """

    part = "fonts"
    requires = ("pdf",)

    def __init__(self, *, scripts: Iterable[Script] = SCRIPTS) -> None:
        self._scripts = tuple(scripts)

    def run(self) -> Iterable[Finding]:
        """Yield the scripts that would be printed as boxes."""
        if not any(makes_pdf(alias) for alias in renderers):
            yield self.skip("No renderer makes PDF files.")
            return
        missing = [script for script in self._scripts if not _covered(script.sample)]
        yield from (self._report(script) for script in missing)
        if not missing:
            yield self.ok(f"Fonts for {'; '.join(script.name for script in self._scripts)} are there.")

    def _report(self, script: Script) -> Finding:
        kind = self.fail if script.essential else self.warn
        return kind(
            f"No font has {script.name}: such text is printed as empty boxes.",
            fix=(
                f"Debian and Ubuntu: apt-get install {script.debian}; macOS: brew install --cask {script.brew}; "
                f"then restart the workers."
            ),
        )


def _covered(text: str) -> bool:
    engine = import_module(ENGINE).engine()
    page = f"<!doctype html><html lang='en'><title>fonts</title><body>{text}"
    with _heard("weasyprint") as records:
        engine.write_pdf(page, io.BytesIO(), embedded=frozenset(), variant=None)
    return not any(".notdef" in record.getMessage() for record in records)


class _Memory(logging.Handler):
    """Remembers what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _heard(name: str) -> Iterator[list[logging.LogRecord]]:
    """Collect what a logger says, instead of passing it on."""
    handler = _Memory()
    logger = logging.getLogger(name)
    propagate, handlers, level = logger.propagate, logger.handlers, logger.level
    logger.propagate, logger.handlers = False, [handler]
    logger.setLevel(logging.WARNING)
    try:
        yield handler.records
    finally:
        logger.propagate, logger.handlers = propagate, handlers
        logger.setLevel(level)
