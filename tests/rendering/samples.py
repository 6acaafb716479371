"""Documents of every kind that people send, for tests and for the eye."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from django_report_scheduling.period import Period
from django_report_scheduling.rendering import Document, Renderer
from django_report_scheduling.reports import (
    AccountProfile,
    Block,
    Chart,
    ChartKind,
    Column,
    Figure,
    Headline,
    PageBreak,
    ReportContent,
    Series,
    Table,
    Text,
    Unit,
)

BERLIN = ZoneInfo("Europe/Berlin")
GENERATED_AT = dt.datetime(2015, 5, 25, 6, 0, 12, tzinfo=dt.UTC)
WEEK = Period(start=dt.datetime(2015, 5, 18, tzinfo=BERLIN), end=dt.datetime(2015, 5, 25, tzinfo=BERLIN))
ACCOUNT = AccountProfile(id="1", slug="halden", name="Halden & Partners", locale="en-GB", number_format="en-GB")


def document(*blocks: Block, metrics: dict[str, Any] | None = None, **overrides: Any) -> Document:
    """Return a document of these blocks for one week in May 2015."""
    account = {f"{name}": overrides.pop(name) for name in list(overrides) if name in AccountProfile.__slots__}
    values: dict[str, Any] = {
        "report_type": "performance_summary",
        "title": "Performance summary",
        "account": ACCOUNT if not account else _account(account),
        "period": WEEK,
        "parameters": {},
        "generated_at": GENERATED_AT,
        "content": ReportContent(
            metrics=metrics or {"hits": 10000, "errors": 217}, blocks=blocks, context=overrides.pop("context", {})
        ),
    }
    return Document(**(values | overrides))


def _account(values: dict[str, Any]) -> AccountProfile:
    known = {name: getattr(ACCOUNT, name) for name in AccountProfile.__slots__}
    return AccountProfile(**(known | values))


def rendered(renderer: Renderer, document: Document) -> bytes:
    """Return the file that a renderer writes."""
    output = io.BytesIO()
    renderer.render(document, output)
    return output.getvalue()


def png(width: int = 240, height: int = 60, color: str = "#b3312c", mode: str = "RGB") -> bytes:
    """Return a PNG of one colour with a bar in it."""
    image = Image.new(mode, (width, height), "white" if mode == "RGB" else None)
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height), fill=color)
    target = io.BytesIO()
    image.save(target, format="PNG")
    return target.getvalue()


def table(rows: int, columns: int = 6, *, key: str = "pages", title: str = "Pages") -> Table:
    """Return a table such as traffic reports have."""
    numbers = random.Random(7)  # noqa: S311 - sample data
    kinds = [Unit.NUMBER, Unit.NUMBER, Unit.PERCENT, Unit.BYTES, Unit.SECONDS]
    names = ["Views", "Visitors", "Exit rate", "Transferred", "Time on page"]
    heads = [Column(key="path", label="Page")]
    heads += [
        Column(
            key=f"c{i}",
            label=names[i % 5] if i < 5 else f"{names[i % 5]} {i // 5 + 1}",
            unit=kinds[i % 5],
        )
        for i in range(columns - 1)
    ]

    def value(unit: Unit) -> float:
        match unit:
            case Unit.PERCENT:
                return numbers.random()
            case Unit.BYTES:
                return numbers.randrange(10**3, 10**9)
            case Unit.SECONDS:
                return numbers.random() * 400
        return numbers.randrange(1, 20_000)

    body = [
        [f"/blog/{i:05d}/{numbers.choice(['geekery', 'articles', 'projects'])}/", *(value(h.unit) for h in heads[1:])]
        for i in range(rows)
    ]
    return Table(key=key, title=title, columns=heads, rows=body, note=f"All {rows:,} pages.")


def headline() -> Headline:
    """Return the figures of a week."""
    return Headline(
        figures=[
            Figure(label="Visits", value=3214, previous=2856, higher_is_better=True),
            Figure(label="Page views", value=10_482, previous=11_020, higher_is_better=True),
            Figure(label="Error rate", value=0.0217, unit=Unit.PERCENT, previous=0.031, higher_is_better=False),
            Figure(label="Transferred", value=2_747_282_505, unit=Unit.BYTES, previous=2_747_282_505),
        ]
    )


def hourly(hours: int = 168, *, kind: ChartKind = ChartKind.LINE, names: Sequence[str] = ("Visits",)) -> Chart:
    """Return a chart of so many hours."""
    numbers = random.Random(3)  # noqa: S311 - sample data
    start = dt.datetime(2015, 5, 18, tzinfo=BERLIN)
    labels = [(start.astimezone(dt.UTC) + dt.timedelta(hours=i)).astimezone(BERLIN) for i in range(hours)]
    series = [
        Series(
            name=name,
            values=[
                round((30 + 25 * ((i % 24) > 7) * ((i % 24) < 21) + numbers.random() * 12) * (k + 1) / 2)
                for i in range(hours)
            ],
        )
        for k, name in enumerate(names)
    ]
    return Chart(key="hourly", title="Visits by hour", labels=labels, series=series, kind=kind)


def weekly_report(**overrides: Any) -> Document:
    """Return the realistic three-page report of a week."""
    days = [dt.date(2015, 5, 18) + dt.timedelta(days=i) for i in range(7)]
    return document(
        headline(),
        hourly(),
        Chart(
            key="daily",
            title="Visits and visitors by day",
            labels=days,
            series=[
                Series(name="Visits", values=[420, 510, 498, 530, 610, 330, 316]),
                Series(name="Visitors", values=[310, 402, 377, 398, 455, 260, 251]),
            ],
        ),
        Text(
            title="How to read this",
            text="A visit is a series of requests by one visitor with no pause longer than 30 minutes. "
            "Bots are left out.",
        ),
        PageBreak(),
        Chart(
            key="browsers",
            title="Visits by browser",
            labels=["Chrome", "Firefox", "Internet Explorer", "Safari on iPhone and iPad", "Other"],
            series=[Series(name="Visits", values=[1650, 870, 410, 204, 80])],
        ),
        table(22, title="Top pages", key="top_pages"),
        Table(
            key="not_found",
            title="Missing pages worth fixing",
            columns=[
                Column(key="path", label="Page"),
                Column(key="referrer", label="Linked from"),
                Column(key="hits", label="Hits", unit=Unit.NUMBER),
                Column(key="last", label="Last seen", unit=Unit.DATETIME),
            ],
            rows=[
                [
                    "/files/logstash/logstash-1.3.2-monolithic.jar",
                    "https://code.google.com/p/logstash/",
                    41,
                    GENERATED_AT,
                ],
                ["/wp-login.php", "", 12, GENERATED_AT - dt.timedelta(days=2)],
            ],
        ),
        Table(
            key="goals",
            title="Goals",
            columns=[Column(key="goal", label="Goal"), Column(key="n", label="Reached", unit=Unit.NUMBER)],
            rows=[],
            empty="No goals are set up for this account.",
        ),
        **overrides,
    )
