"""Excel workbook through XlsxWriter, row by row in constant memory."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from django.core.checks import CheckMessage
from django.core.checks import Warning as CheckWarning
from django.utils import translation

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.colors import palette
from django_report_scheduling.rendering.layout.context import formatter_for
from django_report_scheduling.rendering.locales import translation_language, writing_direction
from django_report_scheduling.rendering.text import printable, shortened
from django_report_scheduling.rendering.workbook.sheets import Sheets

MISSING_LIBRARY: Final = "Excel workbooks need XlsxWriter. Run: pip install 'django-report-scheduling[xlsx]'"

_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxRenderer(Renderer):
    """A summary sheet and one sheet per table; numbers stay numbers."""

    extension = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the document as workbook."""
        library = _load_library()
        account = document.account
        with library.Workbook(output, _OPTIONS) as book, translation.override(translation_language(account.locale)):
            book.set_properties(
                {
                    "title": shortened(printable(document.title), 255),
                    "author": shortened(printable(account.name), 255),
                    "created": document.generated_at.replace(tzinfo=None),
                }
            )
            sheets = Sheets(
                book,
                formatter_for(document),
                rtl=writing_direction(account.locale) == "rtl",
                accent=palette(account.accent_color).accent_text,
            )
            sheets.add_summary(document)
            for table in document.content.tables:
                sheets.add_table(table)

    def check(self) -> Sequence[CheckMessage]:
        """Return a warning when XlsxWriter is missing; not an error, since a host may do without this extra."""
        try:
            _load_library()
        except RenderError as error:
            return [CheckWarning(str(error), id="report_scheduling.W102", obj=type(self).__qualname__)]
        return []


def _load_library() -> Any:
    """Import XlsxWriter, an optional extra, only now.

    :raises RenderError: it is not installed.
    """
    try:
        return importlib.import_module("xlsxwriter")
    except ImportError as error:
        raise RenderError(MISSING_LIBRARY) from error
