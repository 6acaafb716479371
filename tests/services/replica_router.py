"""A host's router that sends reading to a replica."""

from __future__ import annotations

from typing import Any


class ReadsFromReplica:
    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "replica"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"
