"""How the list of report types describes itself (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_view

from django_report_scheduling.api.report_types.serializers import ReportTypeSerializer
from django_report_scheduling.api.schema.parts import all_at_once, exemplify, operation

EXAMPLE: Final[dict[str, Any]] = {
    "key": "performance_summary",
    "title": "Performance summary",
    "description": "",
    "formats": ["pdf", "xlsx"],
    "parameters": [
        {
            "name": "rows",
            "label": "Rows per table",
            "help_text": "The longest a table may be.",
            "type": "integer",
            "required": False,
            "default": 10,
            "choices": None,
        }
    ],
}
ReportTypes: Final = all_at_once("ReportTypes", ReportTypeSerializer(many=True))
exemplify(ReportTypes, "One", {"results": [EXAMPLE]})

described: Final = extend_schema_view(list=operation(summary="List the report types", responses=ReportTypes))
