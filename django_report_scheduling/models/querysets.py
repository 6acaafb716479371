"""What all our querysets can do."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class LockingQuerySet(QuerySet[M]):
    """A queryset whose rows can be claimed by one of several competing processes."""

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
        features = connections[self.db].features
        if not features.has_select_for_update:
            return self
        return self.select_for_update(
            skip_locked=skip and features.has_select_for_update_skip_locked,
            no_key=features.has_select_for_no_key_update,
            of=("self",) if features.has_select_for_update_of else (),
        )
