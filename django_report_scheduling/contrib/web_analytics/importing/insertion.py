"""Inserting many rows at once, leaving out those whose key is there already, on every database Django knows."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[Any, ...]


class BulkInserter:
    """Inserts rows of one model; what breaks a unique constraint is left out.

    Goes below the ORM: building a model instance per row would take longer than reading the whole log.

    :param fields: names of the model's fields, in the order of the values in each row.
    :param order: the fields by which rows are sorted before they go in. Two imports at once that insert the same rows
        thereby do it in the same order, and wait for each other instead of dead-locking.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        model: type[models.Model],
        fields: Sequence[str],
        *,
        order: Sequence[str] = ("id",),
    ) -> None:
        self._order = itemgetter(*(fields.index(name) for name in order))
        self._connection = connection
        meta = model._meta
        columns = {column.name: column for column in meta.concrete_fields}
        self._columns = [columns[name] for name in fields]
        quote = connection.ops.quote_name
        self._table = quote(meta.db_table)
        self._names = ", ".join(quote(str(column.column)) for column in self._columns)

    def insert(self, rows: Sequence[Row]) -> int:
        """Insert the rows and return how many were new."""
        if not rows:
            return 0
        rows = sorted(rows, key=self._order)
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                cursor.execute(self._from_arrays(), [list(values) for values in zip(*rows, strict=True)])
            else:
                cursor.executemany(self._row_by_row(), rows)
            return max(int(cursor.rowcount), 0)

    def _from_arrays(self) -> str:
        arrays = ", ".join(f"%s::{column.rel_db_type(self._connection)}[]" for column in self._columns)
        return (
            f"INSERT INTO {self._table} ({self._names}) "  # noqa: S608 - names come from the model
            f"SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"
        )

    def _row_by_row(self) -> str:
        ignore = "INSERT OR IGNORE" if self._connection.vendor == "sqlite" else "INSERT IGNORE"
        marks = ", ".join(["%s"] * len(self._columns))
        return f"{ignore} INTO {self._table} ({self._names}) VALUES ({marks})"
