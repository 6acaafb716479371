"""What the system owns can be looked at, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    TabularInline = admin.TabularInline[Model, Model]
else:
    TabularInline = admin.TabularInline


class ReadOnlyMixin:
    """No adding, no changing, no deleting: rows of this kind are made by the system alone."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # Django's signature
        """Nobody deletes."""
        return False


class ReadOnlyInline(ReadOnlyMixin, TabularInline):
    """Related rows, to look at."""

    extra = 0
    can_delete = False
    show_change_link = False
