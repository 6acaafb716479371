"""Storages like a folder in which nothing may be deleted, or nothing written either."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import InMemoryStorage


class UndeletingStorage(InMemoryStorage):
    def delete(self, name: str) -> None:
        raise PermissionError(13, "Permission denied", name)


class RefusingStorage(UndeletingStorage):
    def _save(self, name: str, content: Any) -> str:
        raise PermissionError(13, "Permission denied", name)
