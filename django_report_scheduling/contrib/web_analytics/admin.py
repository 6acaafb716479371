"""Goals in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from django_report_scheduling.contrib.web_analytics.models import Goal

if TYPE_CHECKING:
    GoalAdminBase = admin.ModelAdmin[Goal]
else:
    GoalAdminBase = admin.ModelAdmin


@admin.register(Goal)
class GoalAdmin(GoalAdminBase):
    """Goals by account, in the order of the funnel."""

    list_display = ("name", "account", "path_pattern", "position")
    list_filter = ("account",)
    search_fields = ("name", "key", "path_pattern")
    ordering = ("account", "position", "key")
    list_select_related = ("account",)
