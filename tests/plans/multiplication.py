"""Filling a table inside PostgreSQL: a million copies of one row, and reading what it plans to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, models


def multiply(row: models.Model, times: int, **changes: str) -> None:
    """Store copies of a stored row, with some columns replaced.

    :param changes: SQL by column; ``n`` counts from 1 to ``times``.
    """
    table = connection.ops.quote_name(row._meta.db_table)
    key = connection.ops.quote_name(row._meta.pk.column)
    columns = [field.column for field in row._meta.concrete_fields if not field.generated]
    names = ", ".join(map(connection.ops.quote_name, columns))
    values = ", ".join(changes.get(column, f"original.{connection.ops.quote_name(column)}") for column in columns)
    assert set(changes) <= set(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS original, generate_series(1, %s) AS n"  # noqa: S608
            f" WHERE original.{key} = %s",
            [times, row.pk],
        )


def numbered(name: str, number: str) -> str:
    """SQL of the key that the copy with this number has, wherever it is written; in order, as real keys are."""
    return f"(left(md5('{name}'), 20) || lpad(to_hex({number}), 12, '0'))::uuid"


Plan = Mapping[str, Any]


def nodes(plan: Plan) -> list[Plan]:
    """A plan of EXPLAIN (FORMAT JSON) and everything below it."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]
