"""Everything that is stored, to see whether a request changed anything."""

from __future__ import annotations

from typing import Any

from django.apps import apps


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every row of every model of ours, the audit events among them."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("report_scheduling").get_models()
    }
