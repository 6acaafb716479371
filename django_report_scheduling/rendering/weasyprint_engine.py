"""WeasyPrint, set up once per process. Imported only when a PDF is really made: it loads Pango.

* One font configuration and one parsed stylesheet for all documents: faster, and a new configuration per document
  leaks. They belong to one process; a child that inherited them over ``fork()`` could hang, so it makes its own.
* One document at a time: a shared configuration is not safe for threads.
* The cyclic garbage collector rests during a render, which allocates millions of objects that live until its end,
  and collects afterwards.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetchingError

from django_report_scheduling.rendering.resource_policy import (
    NothingFetcher,
    ResourceRefusedError,
    drop_references,
    logger,
)
from django_report_scheduling.rendering.theme import stylesheet

THEME_ATTRIBUTE: Final = "data-theme"
THEME: Final = "report-scheduling"


class Engine:
    """What the documents of one process share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.fetcher = NothingFetcher()
        self._fonts: Any = None
        self._theme: Any = None

    def write_pdf(self, html: str, output: BinaryIO, *, embedded: frozenset[str], variant: str | None) -> None:
        """Lay out a page of HTML and write it as PDF.

        :param embedded: the ``data:`` URIs that may be used.
        :param variant: such as ``pdf/ua-1``, or ``None``.
        :raises ResourceRefusedError: the page cannot be laid out without something from outside.
        """
        with self.lock, collector_resting():
            self._prepare()
            self.fetcher.embedded = embedded
            try:
                self._write(html, output, variant)
            except URLFetchingError as error:
                # Most places that fetch carry on without the resource; colour profiles do not.
                raise ResourceRefusedError(str(error)) from error
            finally:
                self.fetcher.embedded = frozenset()

    def _write(self, html: str, output: BinaryIO, variant: str | None) -> None:
        page = HTML(string=html, url_fetcher=self.fetcher)
        page.base_url = None
        dropped = drop_references(page.etree_element, self.fetcher.embedded)
        if dropped:
            logger.warning("A document had %d references to the outside; they were left out.", dropped)
        themed = page.etree_element.get(THEME_ATTRIBUTE) == THEME
        page.write_pdf(
            output,
            font_config=self._fonts,
            stylesheets=[self._theme] if themed else [],
            pdf_variant=variant,
            presentational_hints=False,
        )

    def _prepare(self) -> None:
        if self._fonts is None:
            self._fonts = FontConfiguration()
            self._theme = CSS(string=stylesheet(), font_config=self._fonts, url_fetcher=self.fetcher)


_engines: dict[int, Engine] = {}


def engine() -> Engine:
    """Return the engine of this process; the one of a parent process is never used."""
    return _engines.setdefault(os.getpid(), Engine())


@contextmanager
def collector_resting() -> Iterator[None]:
    """Keep the cyclic garbage collector off inside a ``with`` block, and let it run at the end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            # Nothing was promoted in between: all that the render left behind is in the youngest generation, and
            # the rest of the process need not be searched.
            gc.collect(0)
