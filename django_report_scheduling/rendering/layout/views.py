"""Blocks as the templates see them: finished text, no numbers left to format.

``template`` names the template that shows the block; a host overrides one by a template of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString

from django_report_scheduling.rendering.formatting import Change

FOLDER = "report_scheduling/rendering/blocks"


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureView:
    """One headline number."""

    label: str
    value: str
    change: Change | None
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineView:
    """A row of headline numbers; ``columns`` is how many stand side by side."""

    template: ClassVar[str] = f"{FOLDER}/headline.html"
    figures: Sequence[FigureView]
    columns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartView:
    """A chart; ``svg`` is empty when there is nothing to draw."""

    template: ClassVar[str] = f"{FOLDER}/chart.html"
    key: str
    title: str
    svg: SafeString
    caption: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnView:
    """A column: its heading, its share of the width in percent, whether it holds numbers and may break lines."""

    label: str
    width: str
    css_class: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePart:
    """Some columns of a table, as wide as a page allows, with all rows as ``<tr>`` elements.

    ``short`` parts are kept on one page.
    """

    columns: Sequence[ColumnView]
    rows: SafeString
    caption: str
    short: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TableView:
    """A table. ``css_class`` says how dense it is and whether its pages lie on their side."""

    template: ClassVar[str] = f"{FOLDER}/table.html"
    key: str
    title: str
    css_class: str
    parts: Sequence[TablePart]
    note: str
    empty: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TextView:
    """Paragraphs, with an optional heading."""

    template: ClassVar[str] = f"{FOLDER}/text.html"
    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PageBreakView:
    """A new page."""

    template: ClassVar[str] = f"{FOLDER}/page_break.html"


BlockView = HeadlineView | ChartView | TableView | TextView | PageBreakView
