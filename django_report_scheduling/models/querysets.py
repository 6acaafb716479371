"""What all our querysets can do."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import connections, router
from django.db.models import BooleanField, Func, Model, QuerySet

M = TypeVar("M", bound=Model)


class LockingQuerySet(QuerySet[M]):
    """A queryset whose rows can be claimed by one of several competing processes."""

    def fresh(self) -> Self:
        """Read from the database that rows are written to; behind a router, a replica may not have them yet."""
        return self.using(router.db_for_write(self.model))

    def claimable(self) -> Self:
        """Lock the rows, passing over those that another transaction holds.

        Where the database has no row locks (SQLite) the transaction itself is the lock, and nothing is added.
        """
        return self._locked(skip=True)

    def locked(self) -> Self:
        """Lock the rows, waiting for those that another transaction holds.

        Rows that merely refer to them can still be added meanwhile (``FOR NO KEY UPDATE``, where there is such).
        """
        return self._locked(skip=False)

    def _locked(self, *, skip: bool) -> Self:
        rows = self.fresh()
        features = connections[rows.db].features
        if not features.has_select_for_update:
            return rows
        return rows.select_for_update(
            skip_locked=skip and features.has_select_for_update_skip_locked,
            no_key=features.has_select_for_no_key_update,
            of=("self",) if features.has_select_for_update_of else (),
        )


class RowOf(Func):
    """Several columns or values as one, compared from left to right: the order of an index on these columns."""

    function = ""


class Follows(Func):
    """Whether one :class:`RowOf` comes after another."""

    template = "%(expressions)s"
    arg_joiner = " > "
    arity = 2
    output_field = BooleanField()
