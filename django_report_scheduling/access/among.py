"""Choosing rows by a thousand keys at once without a thousand placeholders."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F
from django.db.models.lookups import In


class _Among(In):
    """``IN``, which PostgreSQL takes as one array: building a thousand placeholders costs more than the query does."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, parameters = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        values = [field.get_db_prep_value(value, connection, prepared=True) for value in self.rhs]
        return f"{left} = ANY(%s)", [*parameters, values]


def among(field: str, keys: Collection[Any]) -> Any:
    """Return the condition that a field, which may follow relations, is one of these keys; for ``filter()``."""
    return _Among(F(field), list(keys))
