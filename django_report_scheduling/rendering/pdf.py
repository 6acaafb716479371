"""PDF through WeasyPrint: tagged after PDF/UA-1, and closed to the outside."""

from __future__ import annotations

import ctypes
import importlib
from collections.abc import Sequence
from types import ModuleType
from typing import BinaryIO, Final

from django.core.checks import CheckMessage, Error

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.layout import page_html
from django_report_scheduling.rendering.logo import logo_uri

ENGINE: Final = "django_report_scheduling.rendering.weasyprint_engine"
MISSING_LIBRARY: Final = (
    "PDF needs Pango, which is not installed. "
    "Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core; "
    "macOS: brew install pango; "
    "then start this process again."
)
PANGO_NAMES: Final = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0", "libpango-1.0-0.dll")
"""Names under which Linux, macOS and Windows have Pango."""

# What WeasyPrint can raise on a document it cannot lay out. Not every Exception: time limits must reach the worker,
# and OSError belongs to the stream that is written to.
_LAYOUT_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


class PdfRenderer(Renderer):
    """Lays out the HTML of a document on paper.

    :param max_cells: table cells above which the document is refused; each takes about 0.7 ms and 25 KiB.
    :param variant: PDF variant of WeasyPrint, or ``None`` for plain PDF without tags.
    """

    extension = "pdf"
    content_type = "application/pdf"

    def __init__(self, *, max_cells: int = 120_000, variant: str | None = "pdf/ua-1") -> None:
        self._max_cells = max_cells
        self._variant = variant

    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the document as PDF."""
        self._refuse_too_large(document)
        engine = _load_engine()
        html = page_html(document)
        logo = logo_uri(document.account)
        try:
            engine.engine().write_pdf(html, output, embedded=frozenset({logo} if logo else ()), variant=self._variant)
        except _LAYOUT_ERRORS as error:
            msg = f"WeasyPrint could not lay out the report: {type(error).__name__}: {error}"
            raise RenderError(msg) from error

    def check(self) -> Sequence[CheckMessage]:
        """Return an error when the native libraries are missing.

        Only Pango is looked for: importing WeasyPrint would cost every management command a second.
        """
        if _pango_loads():
            return []
        return [Error(MISSING_LIBRARY, id="report_scheduling.E101", obj=type(self).__qualname__)]

    def _refuse_too_large(self, document: Document) -> None:
        cells = sum(len(table.rows) * len(table.columns) for table in document.content.tables)
        if cells > self._max_cells:
            msg = (
                f"The tables of this report have {cells} cells, a PDF may have {self._max_cells} "
                f"(option max_cells of the renderer). Use xlsx or csv for it, or let the report show fewer rows."
            )
            raise RenderError(msg)


def _pango_loads() -> bool:
    for name in PANGO_NAMES:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def _load_engine() -> ModuleType:
    """Import WeasyPrint, which is slow and needs native libraries, only now.

    :raises RenderError: Pango is missing.
    """
    try:
        return importlib.import_module(ENGINE)
    except OSError as error:
        msg = f"{MISSING_LIBRARY} ({str(error).splitlines()[0]})"
        raise RenderError(msg) from error
