"""What the body of a report is made of: plain values that every renderer knows how to show.

A report type returns a sequence of blocks; it never produces markup. Numbers stay numbers: renderers format them in
the account's locale, spreadsheets keep them as cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Scalar = str | int | float | Decimal | bool | dt.date | dt.datetime | None
"""What a cell or a metric may hold. Datetimes are aware; ``None`` means "not available", never zero."""


class Unit(StrEnum):
    """How a number is meant, so that each renderer can format it for its reader."""

    NUMBER = "number"
    """A count or a decimal number."""
    PERCENT = "percent"
    """A ratio; 0.125 is shown as 12.5 %."""
    BYTES = "bytes"
    """A number of bytes, shown in the largest fitting unit."""
    SECONDS = "seconds"
    """A duration in seconds."""
    TEXT = "text"
    """Text, as it is."""
    DATE = "date"
    """A calendar date."""
    DATETIME = "datetime"
    """A moment, shown in the report's zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One headline number.

    :param label: what it counts, in the report's language.
    :param value: the number; ``None`` is shown as not available.
    :param previous: the same number in the previous period; with it the change is shown, ``None`` shows none.
    :param higher_is_better: colours the change; ``None`` leaves it neutral.
    :param note: a short line below the number.
    """

    label: str
    value: int | float | Decimal | None
    unit: Unit = Unit.NUMBER
    previous: int | float | Decimal | None = None
    higher_is_better: bool | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """A row of headline figures."""

    figures: Sequence[Figure]


class ChartKind(StrEnum):
    """The shape of a chart."""

    BAR = "bar"
    LINE = "line"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One line or set of bars; ``values`` has one entry for each label of its chart, ``None`` is a gap."""

    name: str
    values: Sequence[int | float | Decimal | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A chart over labelled positions.

    :param title: heading of the chart, in the report's language.
    :param labels: positions on the horizontal axis: dates, moments or texts.
    :param series: one or more series of the same length as ``labels``.
    :param description: what the chart says, for readers who do not see it; empty lets the renderer compose one.
    :raises ValueError: a series is not as long as the labels.
    """

    key: str
    title: str
    labels: Sequence[str | dt.date | dt.datetime]
    series: Sequence[Series]
    kind: ChartKind = ChartKind.BAR
    unit: Unit = Unit.NUMBER
    description: str = ""

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.labels):
                msg = (
                    f"Chart {self.key!r}: series {series.name!r} has {len(series.values)} values "
                    f"for {len(self.labels)} labels; give one value per label (None for a gap)."
                )
                raise ValueError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a table; ``weight`` is its share of the width relative to the other columns."""

    key: str
    label: str
    unit: Unit = Unit.TEXT
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Rows under named columns.

    :param key: stable name: the key in JSON, the sheet in a workbook, the section in CSV.
    :param rows: sequences of cells in the order of ``columns``.
    :param note: a line below the table, e.g. "top 10 of 1,204".
    :param empty: what to say when there are no rows.
    :param shown_when_empty: whether a page shows the table, with that text, although it has no rows; data formats have
        it always, so that machines find the same keys in every report.
    :raises ValueError: a row is not as long as the columns.
    """

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Scalar]]
    note: str = ""
    empty: str = ""
    shown_when_empty: bool = True

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                msg = f"Table {self.key!r}: row {number} has {len(row)} cells for {len(self.columns)} columns."
                raise ValueError(msg)

    @property
    def on_page(self) -> bool:
        """Whether formats with pages show the table."""
        return bool(self.rows) or self.shown_when_empty


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A paragraph, with an optional heading."""

    text: str
    title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageBreak:
    """What follows starts on a new page, where there are pages."""


Block = Headline | Chart | Table | Text | PageBreak


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportContent:
    """The snapshot that one query yields and every format is rendered from.

    :param metrics: flat, stable names to numbers, for machines.
    :param blocks: the body, in reading order.
    :param context: further plain values for a report type with a template of its own.
    """

    metrics: Mapping[str, int | float | Decimal | None]
    blocks: Sequence[Block] = ()
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def tables(self) -> list[Table]:
        """The tables of the body, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]
