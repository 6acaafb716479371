"""JSON for machines: stable keys, bare numbers, moments in ISO 8601."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, BinaryIO

from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.text import encodable
from django_report_scheduling.reports import Table


class JsonRenderer(Renderer):
    """One object; tables are written row by row."""

    extension = "json"
    content_type = "application/json"

    def render(self, document: Document, output: BinaryIO) -> None:
        """Write the document as JSON."""
        head = _dumps(_head(document))
        output.write(f'{head.removesuffix("}")},"tables":{{'.encode())
        for number, table in enumerate(document.content.tables):
            output.write(b"," if number else b"")
            output.writelines(chunk.encode() for chunk in _table(table, document.period.start.tzinfo))
        output.write(b"}}\n")


def _head(document: Document) -> dict[str, Any]:
    zone = document.period.start.tzinfo
    return {
        "report_type": document.report_type,
        "title": encodable(document.title),
        "account": encodable(document.account.slug),
        "account_name": encodable(document.account.name),
        "period": {"start": document.period.start.isoformat(), "end": document.period.end.isoformat()},
        "generated_at": document.generated_at.astimezone(zone).isoformat(),
        "preview": document.preview,
        "parameters": plain(document.parameters, zone),
        "metrics": plain(document.content.metrics, zone),
    }


def _table(table: Table, zone: dt.tzinfo | None) -> Iterator[str]:
    keys = [encodable(column.key) for column in table.columns]
    columns = [
        {"key": key, "label": encodable(column.label), "unit": column.unit.value}
        for key, column in zip(keys, table.columns, strict=True)
    ]
    head = _dumps({"title": encodable(table.title), "columns": columns})
    yield f'{_dumps(encodable(table.key))}:{head.removesuffix("}")},"rows":['
    for number, row in enumerate(table.rows):
        values = {key: plain(value, zone) for key, value in zip(keys, row, strict=True)}
        yield ("," if number else "") + _dumps(values)
    yield "]}"


def plain(value: Any, zone: dt.tzinfo | None) -> Any:
    """Return a value that strict JSON can hold: NaN and infinity become ``null``, decimals numbers."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {encodable(str(key)): plain(item, zone) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, zone) for item in value]
    return _decimal(value) if isinstance(value, Decimal) else _text(value, zone)


def _text(value: Any, zone: dt.tzinfo | None) -> str:
    if isinstance(value, dt.datetime):
        return (value.astimezone(zone) if value.tzinfo else value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return encodable(str(value))


def _decimal(value: Decimal) -> int | float | None:
    if not value.is_finite():
        return None
    if abs(value) < 10**24 and value == value.to_integral_value():
        return int(value)
    converted = float(value)
    return converted if math.isfinite(converted) else None


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
