"""What becomes of rows whose reference goes; migrations name this module."""

from __future__ import annotations

from typing import Any


def delete_along(collector: Any, field: Any, rows: Any, using: str) -> None:  # noqa: ARG001  # Django's signature
    """Delete the rows first, as ``CASCADE`` does, but without emptying a reference that may be empty beforehand.

    Where a database cannot defer its checks (MySQL, MariaDB) Django empties nullable references of rows that it is
    about to delete, in case they form a circle. Ours form none, and a constraint says which of them have to be there.
    """
    collector.collect(
        rows, source=field.remote_field.model, source_attr=field.name, nullable=False, fail_on_restricted=False
    )
