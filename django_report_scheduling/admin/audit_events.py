"""The record in the admin: read, never written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from django_report_scheduling.access.roles import is_administrator
from django_report_scheduling.admin.read_only import ReadOnlyMixin
from django_report_scheduling.models import AuditEvent

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[AuditEvent]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyMixin, ModelAdmin):
    """Who did what to which object, and when."""

    list_display = ("at", "verb", "object_type", "object_id", "actor")
    list_select_related = ("actor",)
    search_fields = ("=object_id", "=schedule_id")
    ordering = ("-at",)

    def has_view_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Administrators alone: the record tells of every account."""
        return is_administrator(request.user) and super().has_view_permission(request, obj)
