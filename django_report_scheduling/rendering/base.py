"""What a renderer is given and what it promises."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar

from django.core.checks import CheckMessage

from django_report_scheduling.period import Period
from django_report_scheduling.reports import AccountProfile, ReportContent


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A finished report, ready to be put into any format.

    :param report_type: key of the report type.
    :param title: its title in the account's language.
    :param parameters: the frozen parameters, as plain values.
    :param generated_at: when the report was made, aware.
    :param template: template that replaces the built-in layout, or empty.
    :param preview: whether the file must be marked as a preview.
    """

    report_type: str
    title: str
    account: AccountProfile
    period: Period
    parameters: Mapping[str, Any]
    content: ReportContent
    generated_at: dt.datetime
    template: str = ""
    preview: bool = False


class Renderer(ABC):
    """Puts a document into one file format. Options of the alias arrive as keyword arguments of ``__init__``."""

    extension: ClassVar[str]
    """Which file name extension, without the dot?"""

    content_type: ClassVar[str]
    """Which media type is the file served with?"""

    @abstractmethod
    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the file to ``output``, an open binary stream.

        :raises RenderError: the document cannot be put into this format; the message says why.
        """

    def check(self) -> Sequence[CheckMessage]:
        """Return what is missing for this renderer to work (libraries, fonts), each with its fix."""
        return []
